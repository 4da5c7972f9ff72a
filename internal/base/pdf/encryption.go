package pdf

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"genbo/internal/base/lock"
)

var (
	encryptRef   = regexp.MustCompile(`/Encrypt\s+(\d{1,10})\s+(\d{1,5})\s+R`)
	encryptHere  = regexp.MustCompile(`/Encrypt\s*<<`)
	encryptV     = regexp.MustCompile(`/V\s+(\d)`)
	encryptBits  = regexp.MustCompile(`/Length\s+(\d{2,3})`)
	encryptCFM   = regexp.MustCompile(`/CFM\s*/(\w+)`)
	longEncrypt  = 4096 // bytes of the dictionary that are looked at
	nothingKnown = lock.Finding{}
)

// encryption tells the cipher of a file by its encryption dictionary (ISO 32000-2, 7.6), which is never encrypted
// itself. The finding is empty for a file that is not encrypted.
func encryption(data []byte) lock.Finding {
	dictionary := encryptDictionary(data)
	if dictionary == nil {
		return nothingKnown
	}
	v := number(encryptV, dictionary)
	bits := number(encryptBits, dictionary)
	cfm := ""
	if m := encryptCFM.FindSubmatch(dictionary); m != nil {
		cfm = string(m[1])
	}
	switch {
	case cfm == "AESV3", v == 5:
		return lock.Finding{State: lock.Locked, How: "AES-256"}
	case cfm == "AESV2":
		return lock.Finding{State: lock.Locked, How: "AES-128"}
	case v == 1, v == 2 && bits == 0:
		return lock.Finding{State: lock.Weak, How: "RC4 40 bits"}
	case v == 2, v == 3, v == 4:
		if bits < 40 || bits > 128 { // some write bytes
			bits = 128
		}
		return lock.Finding{State: lock.Weak, How: fmt.Sprintf("RC4 %d bits", bits)}
	}
	return lock.Finding{State: lock.Locked, How: "an own security handler"}
}

func number(pattern *regexp.Regexp, b []byte) int {
	m := pattern.FindSubmatch(b)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1])) // three digits at the most
	return n
}

// encryptDictionary finds the dictionary by the last reference to it.
func encryptDictionary(data []byte) []byte {
	refs := encryptRef.FindAllSubmatch(data, -1)
	if len(refs) == 0 {
		if at := encryptHere.FindIndex(data); at != nil {
			return data[at[0]:min(len(data), at[0]+longEncrypt)]
		}
		return nil
	}
	ref := refs[len(refs)-1]
	object := regexp.MustCompile(`(?:^|[^0-9])` + string(ref[1]) + `\s+` + string(ref[2]) + `\s+obj`)
	at := object.FindIndex(data)
	if at == nil {
		return []byte{} // somewhere that only a whole reader finds
	}
	body := data[at[1]:min(len(data), at[1]+longEncrypt)]
	if end := bytes.Index(body, []byte("endobj")); end >= 0 {
		body = body[:end]
	}
	return body
}
