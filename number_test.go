package genbo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"1234-567890": "1234-567890", "1234567890": "1234-567890", "１２３４－５６７８９０": "1234-567890", " 1234 567890 ": "1234-567890",
		"1234ー567890": "1234-567890", "0100-000001": "0100-000001", "9900-123456": "9900-123456",
		"": "number.empty", "-": "number.empty", "1234-56789": "number.length", "1234-5678901": "number.length", "1234-56789O": "number.character",
		"0000-000000": "number.zero", "一二三四五六七八九〇": "number.character", "1234-567890\x00": "number.character", "8000-000001": "number.check",
	} {
		n, err := ParseNumber(in)
		got := n.Plain()
		var fault *Fault
		if errors.As(err, &fault) {
			got = fault.Code
		}
		if got != want {
			t.Errorf("ParseNumber(%q) is %s, want %s", in, got, want)
		}
	}
}

// TestMistypingIsCaught: of a number that Genbo issued, every wrong digit behind the first and every exchange of
// neighbours is refused.
func TestMistypingIsCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, err := IssuedNumber(rapid.Uint32Range(0, IssuedCapacity-1).Draw(t, "body"))
		if err != nil {
			t.Fatal(err)
		}
		right := strconv.FormatUint(n.Value(), 10)
		if parsed, err := ParseNumber(right); err != nil || parsed != n {
			t.Fatalf("an issued number is refused: %v", err)
		}
		for i := 1; i < len(right); i++ {
			for d := byte('0'); d <= '9'; d++ {
				wrong := []byte(right)
				if wrong[i] = d; string(wrong) == right {
					continue
				}
				if _, err := ParseNumber(string(wrong)); !errors.Is(err, ErrInvalid) {
					t.Errorf("digit %d wrong, and it is taken", i)
				}
			}
			if i+1 < len(right) && right[i] != right[i+1] {
				wrong := []byte(right)
				wrong[i], wrong[i+1] = wrong[i+1], wrong[i]
				if _, err := ParseNumber(string(wrong)); !errors.Is(err, ErrInvalid) {
					t.Errorf("digits %d and %d exchanged, and it is taken", i, i+1)
				}
			}
		}
	})
}

func TestForms(t *testing.T) {
	issued, err := IssuedNumber(0)
	if err != nil {
		t.Fatal(err)
	}
	old, err := NumberOf(1_234_567_890)
	if err != nil {
		t.Fatal(err)
	}
	interim, err := NumberOf(9_901_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n                   Number
		issued, provisional bool
	}{{issued, true, false}, {old, false, false}, {interim, false, true}} {
		if c.n.Issued() != c.issued || c.n.Provisional() != c.provisional {
			t.Errorf("%s: issued %v, provisional %v", c.n.Hint(), c.n.Issued(), c.n.Provisional())
		}
	}
	if _, err := IssuedNumber(IssuedCapacity); !errors.Is(err, ErrInvalid) {
		t.Errorf("beyond the last number: %v", err)
	}
	for _, value := range []uint64{0, 10_000_000_000} {
		if _, err := NumberOf(value); !errors.Is(err, ErrInvalid) {
			t.Errorf("NumberOf(%d): %v", value, err)
		}
	}
}

// TestNothingLeaks prints personal values in every way that a log, an error or an answer might.
func TestNothingLeaks(t *testing.T) {
	number, err := NumberOf(1_234_567_890)
	if err != nil {
		t.Fatal(err)
	}
	type record struct {
		Name   Masked[string]
		Number Number
		List   []Masked[[]byte]
		By     map[string]Masked[Date]
		Inner  *Masked[struct{ Address string }]
	}
	inner := Mask(struct{ Address string }{"東京都千代田区"})
	r := record{Mask("年金花子"), number, []Masked[[]byte]{Mask([]byte("年金花子"))}, map[string]Masked[Date]{"born": Mask(Date(19500301))}, &inner}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", r)
		fmt.Fprintf(&out, verb+verb+verb+"\n", r.Name, r.Number, *r.Inner)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("looked", "name", r.Name, "number", r.Number, "record", r, "pointer", &r)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	fmt.Fprintln(&out, fmt.Errorf("open %v: %w", r.Name, NewFault("name", "text.empty")))
	for _, secret := range []string{"年金", "花子", "1234", "567890", "1950", "千代田", fmt.Sprintf("%x", "年金花子"), "19500301"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q leaks:\n%s", secret, out.String())
		}
	}
	if r.Name.Plain() != "年金花子" || r.Number.Plain() != "1234-567890" {
		t.Error("asked for in so many words, the value is not there")
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1234-567890", "８０００ー００００００", "", "9900000000", "12-34"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%q: %v is no refusal", s, err)
			}
			return
		}
		if again, err := ParseNumber(n.Plain()); err != nil || again != n {
			t.Errorf("%q is read as %s, which is read as %s: %v", s, n.Plain(), again.Plain(), err)
		}
	})
}

func BenchmarkParseNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseNumber("1234-567890"); err != nil {
			b.Fatal(err)
		}
	}
}
