package genbo

import (
	"fmt"
	"log/slog"
)

// mask is what every masked value looks like wherever it is printed by accident.
const mask = "•••"

// Masked holds a personal value so that it cannot slip into a log, an error, JSON or a page: every way of
// printing it shows the same three dots. [Masked.Plain] is the one way to the value, and easy to search for.
type Masked[T any] struct{ v T }

// Mask hides v.
func Mask[T any](v T) Masked[T] { return Masked[T]{v} }

// Plain returns the value. Whoever calls it holds a receipt of the journal for showing it, or is about to
// write it under seal.
func (m Masked[T]) Plain() T { return m.v }

func (m Masked[T]) String() string               { return mask }
func (m Masked[T]) GoString() string             { return mask }
func (m Masked[T]) Format(s fmt.State, _ rune)   { _, _ = s.Write([]byte(mask)) }
func (m Masked[T]) LogValue() slog.Value         { return slog.StringValue(mask) }
func (m Masked[T]) MarshalText() ([]byte, error) { return []byte(mask), nil }
func (m Masked[T]) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }
