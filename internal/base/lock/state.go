package lock

// State is how well a file is locked. The order is that of openness: the greater, the better locked.
type State uint8

// The states.
const (
	Open State = iota
	Weak
	Locked
	Unreadable
)

var names = [...]string{"open", "weak", "locked", "unreadable"}

func (s State) String() string { return names[s] }

// MarshalText writes the state by its name.
func (s State) MarshalText() ([]byte, error) { return []byte(names[s]), nil }

// UnmarshalText reads what MarshalText wrote. What it does not know is unreadable.
func (s *State) UnmarshalText(b []byte) error {
	*s = Unreadable
	for i, n := range names {
		if n == string(b) {
			*s = State(i)
		}
	}
	return nil
}

// Finding is a state and what it rests on: the format's own name of its lock, "AES-256", "ZipCrypto".
type Finding struct {
	State State
	How   string
}
