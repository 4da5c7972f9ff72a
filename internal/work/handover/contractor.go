package handover

import (
	"strings"

	"filippo.io/age"

	"genbo"
)

// checkContractor refuses what is no public key of a contractor.
func checkContractor(key string) error {
	recipients, err := age.ParseRecipients(strings.NewReader(key))
	if err != nil || len(recipients) != 1 {
		return genbo.NewFault("contractor", "extract.contractor")
	}
	return nil
}
