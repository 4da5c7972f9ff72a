package archive

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"genbo/internal/base/charset"
	"genbo/internal/base/compound"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// Properties of a mail, by their tags ([MS-OXPROPS] 2).
const (
	tagClass      = "001A"
	tagSubject    = "0037"
	tagBody       = "1000"
	tagRTF        = "1009"
	tagHTML       = "1013"
	tagContent    = "3701"
	tagShortName  = "3704"
	tagLongName   = "3707"
	tagAttachPath = "3708"
)

// Types of properties ([MS-OXCDATA] 2.11.1).
const (
	typeString8 = "001E"
	typeString  = "001F"
	typeBinary  = "0102"
	typeObject  = "000D"
)

// textLimit bounds a text of a mail that must lie in memory, in bytes.
const textLimit = 64 << 20

// outlook hands out the text and attachments of a mail that Outlook saved ([MS-OXMSG]), as mail does those of others: the senders'
// and receivers' names are left out here too.
func (w *walker) outlook(src document.Source) error {
	root, err := compound.Open(src)
	if err != nil {
		return fmt.Errorf("msg: %w", err)
	}
	return w.message(root, "", 0)
}

// message hands out one mail. within is the name of the mail that it is attached to.
func (w *walker) message(s *compound.Storage, within string, depth int) error {
	if depth > mostParts {
		return fmt.Errorf("%w: mails lie too deep in each other", ErrLimit)
	}
	for _, m := range []*Member{textOf(s, "Subject", tagSubject), body(s)} {
		if m == nil {
			continue
		}
		m.Name = path.Join(within, m.Name)
		if err := w.member(m); err != nil {
			return err
		}
	}
	for _, a := range s.Storages {
		if strings.HasPrefix(a.Name, "__attach_version1.0_") {
			if err := w.attachment(s, a, within, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// property is the stream of a property that is not kept with the others of fixed length.
func property(s *compound.Storage, tag, kind string) *compound.Stream {
	return s.Stream("__substg1.0_" + tag + kind)
}

// textOf is a text of a mail in UTF-8, nil if it has none. Texts of one byte a character are told by their bytes, like those of any file.
func textOf(s *compound.Storage, name, tag string) *Member {
	if wide := property(s, tag, typeString); wide != nil && wide.Size > 0 {
		b, err := wide.All(textLimit)
		text := charset.As(b[:len(b)&^1], charset.UTF16LE) + "\n"
		return &Member{Name: name, Size: int64(len(text)), Data: strings.NewReader(text), Err: err}
	}
	if narrow := property(s, tag, typeString8); narrow != nil && narrow.Size > 0 {
		return &Member{Name: name, Size: narrow.Size, Data: narrow.Open()}
	}
	return nil
}

// body is what a mail says, in the form that keeps the most of it: tables are tables in HTML, and lines in plain text.
func body(s *compound.Storage) *Member {
	const name = "Body"
	if m := textOf(s, name, tagHTML); m != nil {
		return m
	}
	if html := property(s, tagHTML, typeBinary); html != nil && html.Size > 0 {
		return &Member{Name: name, Size: html.Size, Data: html.Open()}
	}
	if m := textOf(s, name, tagBody); m != nil {
		return m
	}
	packed := property(s, tagRTF, typeBinary)
	if packed == nil || packed.Size == 0 {
		return nil
	}
	b, err := packed.All(textLimit)
	if err == nil {
		b, err = unpackRTF(b, textLimit)
	}
	return &Member{Name: name, Size: int64(len(b)), Data: bytes.NewReader(b), Err: err}
}

// attachment hands out an attached file, mail or object.
func (w *walker) attachment(mail, a *compound.Storage, within string, depth int) error {
	name := textValue(a, tagLongName)
	if name == "" {
		name = textValue(a, tagShortName)
	}
	if name == "" {
		name = a.Name
	}
	m := &Member{Name: path.Join(within, name), Size: -1}
	if inner := a.Storage("__substg1.0_" + tagContent + typeObject); inner != nil {
		if inner.Stream("__properties_version1.0") != nil {
			return w.message(inner, m.Name, depth+1)
		}
		return w.objects(inner, m.Name, depth+1)
	}
	content := property(a, tagContent, typeBinary)
	switch {
	case content != nil:
		m.Size, m.Data = content.Size, content.Open()
		m.Lock = lockOfAttachment(mail, content)
		if m.Lock.State != lock.Open {
			m.Data = nil
		}
	case textValue(a, tagAttachPath) != "":
		m.Err = fmt.Errorf("%w: only its place is in the mail, not the file", document.ErrNotRead)
	default:
		m.Err = fmt.Errorf("%w: an attachment without content", document.ErrNotRead)
	}
	return w.member(m)
}

func textValue(s *compound.Storage, tag string) string {
	m := textOf(s, "", tag)
	if m == nil || m.Err != nil {
		return ""
	}
	b, _ := io.ReadAll(io.LimitReader(m.Data, 1<<12))
	return strings.TrimSpace(decoded(string(b)))
}

var (
	// envelopedData says that a message of S/MIME is encrypted, not only signed: its object identifier (RFC 5652, 6.1).
	envelopedData = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")
	// protectedMail begins a mail under rights management ([MS-OXORMMS] 2.1.1).
	protectedMail = []byte("\x76\xe8\x04\x60\xc4\x11\xe3\x86")
)

// lockOfAttachment says whether an attachment is the encrypted content of its mail.
func lockOfAttachment(mail *compound.Storage, content *compound.Stream) lock.Finding {
	head, _ := io.ReadAll(io.LimitReader(content.Open(), 64))
	class := strings.ToUpper(textValue(mail, tagClass))
	switch {
	case strings.HasPrefix(class, "IPM.NOTE.SMIME") && bytes.Contains(head, envelopedData):
		return lock.Finding{State: lock.Locked, How: "S/MIME"}
	case bytes.HasPrefix(head, protectedMail):
		return lock.Finding{State: lock.Locked, How: "IRM"}
	}
	return lock.Finding{}
}
