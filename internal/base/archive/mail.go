package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"genbo/internal/base/charset"
	"genbo/internal/base/lock"
)

// mostParts bounds how deep the parts of a mail lie in each other.
const mostParts = 30

// mail hands out the texts and attachments of a mail, in the order in which they stand. The senders' and receivers'
// names are no list of people and are left out.
func (w *walker) mail(src io.Reader) error {
	e, err := message.Read(src)
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return fmt.Errorf("mail: %w", err)
	}
	h := mail.Header{Header: e.Header}
	if subject, err := h.Subject(); err == nil && subject != "" {
		if err := w.member(&Member{Name: "Subject", Size: int64(len(subject)), Data: strings.NewReader(decoded(subject) + "\n")}); err != nil {
			return err
		}
	}
	return w.entity(e, 0)
}

// decoded brings a header to UTF-8 that was written in raw bytes of another encoding.
func decoded(s string) string {
	text, _ := charset.All([]byte(s))
	return text
}

func (w *walker) entity(e *message.Entity, depth int) error {
	if depth > mostParts {
		return fmt.Errorf("%w: parts of a mail lie too deep in each other", ErrLimit)
	}
	parts := e.MultipartReader()
	if parts == nil {
		return w.member(part(e))
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return fmt.Errorf("mail: %w", err)
		}
		if err := w.entity(p, depth+1); err != nil {
			return err
		}
	}
}

// part is a text or an attachment. Its characters are told by its bytes, like those of any file.
func part(e *message.Entity) *Member {
	kind, params, _ := e.Header.ContentType()
	_, disposition, _ := e.Header.ContentDisposition()
	name := disposition["filename"]
	if name == "" {
		name = params["name"]
	}
	m := &Member{Name: decoded(name), Size: -1, Data: e.Body}
	if m.Name == "" {
		m.Name = kind
	}
	switch kind {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if params["smime-type"] == "enveloped-data" || params["smime-type"] == "" {
			m.Lock, m.Data = lock.Finding{State: lock.Locked, How: "S/MIME"}, nil
		}
	}
	return m
}

// mbox hands out the mails of a mailbox file, each as a member.
func (w *walker) mbox(src io.Reader) error {
	r := bufio.NewReaderSize(src, 1<<16)
	var mail bytes.Buffer
	n := 0
	flush := func() error {
		if mail.Len() == 0 {
			return nil
		}
		n++
		err := w.member(&Member{Name: fmt.Sprintf("%d.eml", n), Size: int64(mail.Len()), Data: bytes.NewReader(mail.Bytes())})
		mail.Reset()
		return err
	}
	blank := true
	for {
		line, err := r.ReadSlice('\n')
		if blank && bytes.HasPrefix(line, []byte("From ")) {
			if err := flush(); err != nil {
				return err
			}
		} else {
			mail.Write(line)
		}
		if mail.Len() > 64<<20 {
			return fmt.Errorf("%w: a mail of more than 64 MiB", ErrLimit)
		}
		blank = len(bytes.TrimRight(line, "\r\n")) == 0
		if errors.Is(err, io.EOF) {
			return flush()
		} else if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("mbox: %w", err)
		}
	}
}
