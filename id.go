package genbo

import "strconv"

// PersonID is the dense integer by which the core counts people: 1, 2, 3 … in the order of the register,
// never reused and never shown. Disclosure bitmaps are sets of it. People outside the core see a
// [PersonRef] instead.
type PersonID uint32

// PersonRef names a person in addresses of pages and of the API. It is the enciphered [PersonID]:
// it cannot be guessed or counted up, and says nothing to someone without Genbo's keys.
type PersonRef string

// Bucket is the logical part of the register that a person's rows lie in, 0 to [Buckets]-1, fixed for ever.
// It leads every primary key, so that a register can be spread over many databases by bucket.
type Bucket uint16

const (
	// Buckets is the number of buckets. It can never change: it is part of every key.
	Buckets = 1024
	// BucketRun is how many people next to each other in the register share a bucket, so that an import
	// writes one bucket at a time and a small region of the file.
	BucketRun = 1024
	// HomeBucket holds what belongs to no person: staff, sessions, approvals, the tree of the journal.
	HomeBucket Bucket = 0
)

// Bucket returns the bucket of the person's rows.
func (p PersonID) Bucket() Bucket { return Bucket(uint32(p) / BucketRun % Buckets) }

// String hides the number: a PersonID is for the core's own use.
func (p PersonID) String() string { return "person" }

// Identifiers of what is not a person. Each has its own type so that one cannot stand for another.
type (
	StaffID  string // a member of staff, "s-" and a short name or number
	OfficeID string // an office (年金事務所, 事務センター), its code
	DeviceID string // an enrolled device
	CaseID   string // a case (事案) that a look or a change belongs to; given by the agency's case system
	EntryID  string // an entry of the journal, 32 hexadecimal digits
)

// EntryNumber is the place of an entry in the journal's tree, from 0.
type EntryNumber int64

func (n EntryNumber) String() string { return strconv.FormatInt(int64(n), 10) }
