package synth

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/text/encoding/japanese"

	"genbo"
)

// Form is how a file is written. The zero Form is English headers in UTF-8.
type Form struct {
	Japanese bool           // headers in Japanese
	CP932    bool           // the encoding of older office systems, instead of UTF-8
	Progress func(done int) // called now and then with how many people are written; may be nil
}

// Headers of the columns, in the order of a line.
var (
	headersEn = "number,number_kind,handbook_number,name,kana,latin,alias,birth_date,sex,postal_code,address,phone,bank,death_date,office,valid_from\n"
	headersJa = "番号,番号種別,手帳記号番号,氏名,カナ氏名,ローマ字氏名,通称名,生年月日,性別,郵便番号,住所,電話番号,口座,死亡年月日,年金事務所,有効年月日\n"
)

// chunk is how many people one piece of work makes.
const chunk = 4096

// WriteCSV writes the population, one line a person in order, the same bytes on any machine.
func (p *Population) WriteCSV(ctx context.Context, w io.Writer, form Form) error {
	header := headersEn
	if form.Japanese {
		header = headersJa
	}
	if err := form.write(w, []byte(header)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pieces := make(chan chan []byte, 2*runtime.GOMAXPROCS(0)) // in order
	var busy sync.WaitGroup
	defer busy.Wait()
	busy.Go(func() { p.makePieces(ctx, pieces, &busy) })
	done := 0
	for piece := range pieces {
		if err := form.write(w, <-piece); err != nil {
			cancel()
			return err
		}
		done = min(done+chunk, p.people)
		if form.Progress != nil {
			form.Progress(done)
		}
	}
	return ctx.Err()
}

// makePieces starts a piece as soon as there is room for it.
func (p *Population) makePieces(ctx context.Context, pieces chan<- chan []byte, busy *sync.WaitGroup) {
	defer close(pieces)
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for first := 0; first < p.people; first += chunk {
		piece := make(chan []byte, 1)
		select {
		case <-ctx.Done():
			return
		case room <- struct{}{}:
		}
		select {
		case <-ctx.Done():
			return
		case pieces <- piece:
		}
		busy.Go(func() {
			defer func() { <-room }()
			piece <- p.appendCSV(nil, first, min(first+chunk, p.people))
		})
	}
}

func (f Form) write(w io.Writer, b []byte) error {
	if f.CP932 {
		var err error
		if b, err = japanese.ShiftJIS.NewEncoder().Bytes(b); err != nil {
			return fmt.Errorf("write people in CP932: %w", err)
		}
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	return nil
}

// appendCSV appends the lines of people from first up to end.
func (p *Population) appendCSV(b []byte, first, end int) []byte {
	m := p.maker()
	if b == nil {
		b = make([]byte, 0, (end-first)*260)
	}
	for i := first; i < end; i++ {
		one := m.person(i)
		b = one.appendCSV(b)
	}
	return b
}

func (p *Person) appendCSV(b []byte) []byte {
	kind, sex := "pension", "male"
	if p.Provisional {
		kind = "provisional"
	}
	if p.Female {
		sex = "female"
	}
	handbook := ""
	if !p.Handbook.IsZero() {
		handbook = p.Handbook.Plain()
	}
	for i, field := range [...]string{p.Number.Plain(), kind, handbook, p.Name, p.Kana, p.Latin, p.Alias, p.Birth.String(), sex, p.Postal, p.Address,
		p.Phone, p.Bank, dateOrNothing(p.Death), string(p.Office), p.ValidFrom.String()} {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendField(b, field)
	}
	return append(b, '\n')
}

func dateOrNothing(d genbo.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func appendField(b []byte, s string) []byte {
	if !strings.ContainsAny(s, "\",\r\n") {
		return append(b, s...)
	}
	return append(append(append(b, '"'), strings.ReplaceAll(s, `"`, `""`)...), '"')
}
