package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"genbo"
)

// Action is what was done. The list is closed: pages have a word for each.
type Action string

// The actions.
const (
	PersonSearch     Action = "person.search"   // masked lines of people were shown
	PersonOpen       Action = "person.open"     // a person was shown
	PersonRegister   Action = "person.register" // a person was entered
	PersonChange     Action = "person.change"   // a fact was added
	PersonPropose    Action = "person.propose"  // a change waits for a second look
	PersonMerge      Action = "person.merge"
	PersonSplit      Action = "person.split"
	NumberIssue      Action = "number.issue"
	NumberRetire     Action = "number.retire"
	PeopleImport     Action = "people.import"
	ApprovalAsk      Action = "approval.ask"
	ApprovalVote     Action = "approval.vote"
	ApprovalWithdraw Action = "approval.withdraw"
	StaffSignIn      Action = "staff.signin"
	StaffSignOut     Action = "staff.signout"
	StaffChange      Action = "staff.change"
	BudgetExceeded   Action = "budget.exceeded"
	JournalRead      Action = "journal.read"
	JournalVerify    Action = "journal.verify"
	KeysRotate       Action = "keys.rotate"
	SystemStart      Action = "system.start"
	ExtractSeal      Action = "extract.seal"    // a sealed file was made: nothing in it can be read yet
	ExtractView      Action = "extract.view"    // rows of a worklist were shown
	ExtractOpen      Action = "extract.open"    // a sealed file was opened
	ExtractRelease   Action = "extract.release" // a file for others' tools, and the way to open it, left the core
	ExtractWork      Action = "extract.work"    // a row was ticked off or noted
	ExtractEnd       Action = "extract.end"     // an extract expired, was revoked, or its destruction was attested
	ExtractReturn    Action = "extract.return"  // a contractor's file was compared with its extract
	DisclosureRead   Action = "disclosure.read" // it was asked who holds what
	DeviceChange     Action = "device.change"   // a device was enrolled, cut off or let in again
	FilterMake       Action = "filter.make"     // a keyed filter of numbers and names was made, by which files are joined with the register
	FindingReport    Action = "finding.report"  // an agent reported what it counted
	FindingPlace     Action = "finding.place"   // it was settled in which office a device stands
	FindingAsk       Action = "finding.ask"     // an office was asked to act on unprotected cases
	FindingAnswer    Action = "finding.answer"  // the office said that it acts
	FindingProof     Action = "finding.proof"   // a scan proved that it did
)

// Actions is every action, in the order of the constants.
var Actions = []Action{
	PersonSearch, PersonOpen, PersonRegister, PersonChange, PersonPropose, PersonMerge, PersonSplit, NumberIssue, NumberRetire,
	PeopleImport, ApprovalAsk, ApprovalVote, ApprovalWithdraw, StaffSignIn, StaffSignOut, StaffChange, BudgetExceeded,
	JournalRead, JournalVerify, KeysRotate, SystemStart,
	ExtractSeal, ExtractView, ExtractOpen, ExtractRelease, ExtractWork, ExtractEnd, ExtractReturn, DisclosureRead, DeviceChange, FilterMake,
	FindingReport, FindingPlace, FindingAsk, FindingAnswer, FindingProof,
}

// Discloses reports whether an entry of this action means that its fields of its people were seen by, or came
// into the hands of, its actor.
func (a Action) Discloses() bool {
	switch a {
	case PersonSearch, PersonOpen, ExtractView, ExtractOpen, ExtractRelease:
		return true
	}
	return false
}

// Outcomes of an action.
const (
	Done    = "done"
	Refused = "refused"
)

// Actor is who acts, and on which device.
type Actor struct {
	Staff  genbo.StaffID
	Device genbo.DeviceID
}

// System is the actor of what no member of staff does: commands run by the operator of the machine.
func System(command string) Actor {
	return Actor{Staff: "system", Device: genbo.DeviceID("command " + command)}
}

// Entry is one line of the journal.
type Entry struct {
	ID      genbo.EntryID // given by the journal
	At      time.Time     // given by the journal
	Actor   Actor
	Purpose string // code of the purpose, or ""
	Case    genbo.CaseID
	Action  Action
	People  People // whose
	Fields  genbo.FieldSet
	Outcome string
	Detail  string // JSON for machines; never personal data
	Reason  string // in the words of the person; kept sealed
}

// stored is an entry as its row holds it.
type stored struct {
	Entry
	bucket     genbo.Bucket
	id         [16]byte
	people     []byte
	reason     []byte
	salt       []byte
	commitment []byte
}

const saltBytes = 16

// sequence orders the entries that one process writes within a millisecond.
type sequence struct {
	mu    sync.Mutex
	milli int64
	n     uint16
}

func (q *sequence) next(milli int64) uint16 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if milli != q.milli {
		q.milli, q.n = milli, 0
	}
	q.n++
	return q.n
}

// newStored gives the entry an identifier and a salt. Identifiers begin with the time and the order within
// it, so that entries lie in the order in which they were written.
func newStored(e Entry, b genbo.Bucket, now time.Time, q *sequence) *stored {
	s := &stored{Entry: e, bucket: b, people: e.People.encode(), salt: make([]byte, saltBytes)}
	milli := now.UnixMilli()
	binary.BigEndian.PutUint64(s.id[:8], uint64(milli)<<16|uint64(q.next(milli)))
	rand.Read(s.id[8:])
	rand.Read(s.salt)
	s.At = now
	s.ID = genbo.EntryID(hex.EncodeToString(s.id[:]))
	return s
}

// commit computes the salted commitment that becomes the leaf: it binds every column of the row.
func (s *stored) commit() []byte {
	h := hmac.New(sha256.New, s.salt)
	var b []byte
	field := func(v []byte) {
		b = binary.AppendUvarint(b, uint64(len(v)))
		b = append(b, v...)
	}
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	field([]byte("genbo journal entry 1"))
	number(int64(s.bucket))
	field(s.id[:])
	number(s.At.UnixMilli())
	for _, text := range []string{string(s.Actor.Staff), string(s.Actor.Device), s.Purpose, string(s.Case), string(s.Action)} {
		field([]byte(text))
	}
	field(s.people)
	number(int64(s.People.Count()))
	number(int64(s.Fields))
	field([]byte(s.Outcome))
	field([]byte(s.Detail))
	field(s.reason)
	h.Write(b)
	return h.Sum(nil)
}

// entryBytes reads an identifier.
func entryBytes(id genbo.EntryID) ([]byte, error) {
	b, err := hex.DecodeString(string(id))
	if err != nil || len(b) != 16 {
		return nil, fmt.Errorf("identifier of an entry: %w", genbo.ErrNotFound)
	}
	return b, nil
}
