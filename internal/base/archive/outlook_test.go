package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"

	"genbo/internal/base/compound/compoundtest"
	"genbo/internal/base/document"
)

type tree = compoundtest.Tree

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func cp932(s string) []byte {
	b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func source(b []byte) document.Source {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

// packedRTF is a body as Outlook packs it: literals only, but for one reference into what the window holds at the start.
func packedRTF(text string) []byte {
	in := []byte{1, 0, 4} // the window's first 6 bytes: {\rtf1
	rest := text[len(`{\rtf1`):]
	for i := range len(rest) {
		if (i+1)%8 == 0 {
			in = append(in, 0)
		}
		in = append(in, rest[i])
	}
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(in)+12))
	head = binary.LittleEndian.AppendUint32(head, uint32(len(text)))
	head = binary.LittleEndian.AppendUint32(head, rtfPacked)
	return append(binary.LittleEndian.AppendUint32(head, ^crc32.Update(^uint32(0), crc32.IEEETable, in)), in...)
}

// native is a file that the Packager wrapped.
func native(name, content string) []byte {
	b := append([]byte{2, 0}, name+"\x00C:\\x\\"+name+"\x00\x00\x00\x03\x00"...)
	b = append(binary.LittleEndian.AppendUint32(b, 5), "C:\\x\x00"...)
	b = append(binary.LittleEndian.AppendUint32(b, uint32(len(content))), content...)
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...)
}

// members are the names and contents that a walk hands out.
func members(t *testing.T, walk func(visit func(*Member) error) error) (list []string, err error) {
	t.Helper()
	err = walk(func(m *Member) error {
		if m.Data == nil || m.Err != nil {
			list = append(list, fmt.Sprintf("%s: %s %v", m.Name, m.Lock.How, m.Err))
			return nil
		}
		b, err := io.ReadAll(m.Data)
		list = append(list, m.Name+": "+strings.TrimSpace(string(b)))
		return err
	})
	return list, err
}

func TestOutlook(t *testing.T) {
	properties := []byte(strings.Repeat("\x00", 32))
	attached := tree{"__properties_version1.0": properties[:8], "__substg1.0_3707001F": wide("名簿.csv"), "__substg1.0_37010102": []byte("氏名\n佐藤\n")}
	for name, c := range map[string]struct {
		mail tree
		want []string
	}{
		"plain and attachment": {tree{"__properties_version1.0": properties, "__substg1.0_0037001F": wide("件名"), "__substg1.0_0C1A001F": wide("送り手"), "__substg1.0_1000001F": wide("本文です"),
			"__attach_version1.0_#00000000": attached}, []string{"Subject: 件名", "Body: 本文です", "名簿.csv: 氏名\n佐藤"}},
		"texts in a code page": {tree{"__substg1.0_0037001E": []byte("list"), "__substg1.0_1000001E": []byte("see there")}, []string{"Subject: list", "Body: see there"}},
		"html before text":     {tree{"__substg1.0_10130102": []byte("<html>x</html>"), "__substg1.0_1000001F": wide("x")}, []string{"Body: <html>x</html>"}},
		"rtf":                  {tree{"__substg1.0_10090102": packedRTF(`{\rtf1 abc\par defghijkl}`)}, []string{`Body: {\rtf1 abc\par defghijkl}`}},
		"rtf damaged":          {tree{"__substg1.0_10090102": append(packedRTF(`{\rtf1 abc}`)[:20], 1, 2, 3)}, []string{"Body:  compressed RTF: checksum"}},
		"mail in mail": {tree{"__attach_version1.0_#00000000": tree{"__substg1.0_3704001E": cp932("転送"), "__substg1.0_3701000D": tree{"__properties_version1.0": properties[:24],
			"__substg1.0_0037001F": wide("中"), "__attach_version1.0_#00000000": attached}}}, []string{"転送/Subject: 中", "転送/名簿.csv: 氏名\n佐藤"}},
		"object": {tree{"__attach_version1.0_#00000000": tree{"__substg1.0_3707001F": wide("o"), "__substg1.0_3701000D": tree{"\x01Ole10Native": native("a.txt", "inside")}}}, []string{"o/a.txt: inside"}},
		"encrypted": {tree{"__substg1.0_001A001F": wide("IPM.Note.SMIME"), "__attach_version1.0_#00000000": tree{"__substg1.0_3707001F": wide("smime.p7m"),
			"__substg1.0_37010102": []byte("\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03....")}}, []string{"smime.p7m: S/MIME <nil>"}},
		"rights": {tree{"__attach_version1.0_#00000000": tree{"__substg1.0_3707001F": wide("message.rpmsg"), "__substg1.0_37010102": []byte("\x76\xe8\x04\x60\xc4\x11\xe3\x86....")}},
			[]string{"message.rpmsg: IRM <nil>"}},
		"elsewhere": {tree{"__attach_version1.0_#00000000": tree{"__substg1.0_3707001F": wide("a.doc"), "__substg1.0_3708001F": wide(`\\server\a.doc`)}},
			[]string{"a.doc:  not read: only its place is in the mail, not the file"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := members(t, func(visit func(*Member) error) error {
				return Walk(source(compoundtest.File(c.mail)), document.Msg, "a.msg", &Limits{100, 1 << 20}, nil, visit)
			})
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

// TestMailsInMails: mails that lie in each other without end are left with an error.
func TestMailsInMails(t *testing.T) {
	mail := tree{"__properties_version1.0": []byte{}}
	for range 31 {
		mail = tree{"__properties_version1.0": []byte{}, "__attach_version1.0_#00000000": tree{"__substg1.0_3701000D": mail}}
	}
	_, err := members(t, func(visit func(*Member) error) error {
		return Walk(source(compoundtest.File(mail)), document.Msg, "a.msg", &Limits{100, 1 << 20}, nil, visit)
	})
	if !errors.Is(err, ErrLimit) {
		t.Errorf("got %v", err)
	}
}

func TestUnpackRTF(t *testing.T) {
	long := `{\rtf1` + strings.Repeat(" 0123456789", 2000) + "}"
	got, err := unpackRTF(packedRTF(long), 1<<20)
	if err != nil || string(got) != long {
		t.Errorf("%d bytes of %d: %v", len(got), len(long), err)
	}
	// The example of [MS-OXRTFCP] 3.1.1: a reference beyond what is written yet repeats it.
	in := []byte("\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0")
	packed := append([]byte("\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7"), in...)
	if got, err := unpackRTF(packed, 1<<20); err != nil || string(got) != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("%q: %v", got, err)
	}
	if _, err := unpackRTF(packedRTF(long), 1000); err == nil {
		t.Error("beyond the limit")
	}
}

func FuzzOutlook(f *testing.F) {
	f.Add(compoundtest.File(tree{"__substg1.0_0037001F": wide("件名"), "__substg1.0_10090102": packedRTF(`{\rtf1 abc}`),
		"__attach_version1.0_#00000000": tree{"__substg1.0_3707001F": wide("o"), "__substg1.0_3701000D": tree{"\x01Ole10Native": native("a.txt", "inside")}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		read := func(m *Member) error {
			if m.Data != nil {
				_, _ = io.Copy(io.Discard, m.Data)
			}
			return nil
		}
		_ = Walk(source(b), document.Msg, "x", &Limits{1000, 4 << 20}, nil, read)
		_ = Objects(source(b), document.CFB, &Limits{1000, 4 << 20}, nil, read)
		_, _ = unpackRTF(b, 1<<20)
	})
}
