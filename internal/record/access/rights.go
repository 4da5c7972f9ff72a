package access

import (
	_ "embed"
	"fmt"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"genbo"
)

// Rights that are no action of the journal.
const (
	ReadApprovals = "approval.read"
	ReadAlarms    = "alarm.read"
	ReadStaff     = "staff.read"
	EndSessions   = "session.end"
	AskExtracts   = "extract.ask"
	UseExtracts   = "extract.use"
	ReadExtracts  = "extract.read"
	RevokeExtract = "extract.revoke"
	ReadFindings  = "finding.read"
)

// Policies is the text of the rules, for an auditor to read.
//
//go:embed policies.cedar
var Policies string

// Principal is who asks for a right.
type Principal struct {
	Staff  genbo.StaffID
	Office genbo.OfficeID
	Roles  []string
}

// Question is a right asked for.
type Question struct {
	Action  string         // an action of the journal, or one of this package's rights
	Office  genbo.OfficeID // in charge of the person concerned; "" where none is
	Purpose string
	Case    genbo.CaseID
}

// Rights answers questions by the rules. It is safe for concurrent use.
type Rights struct{ policies *cedar.PolicySet }

// NewRights reads the rules.
func NewRights() (*Rights, error) {
	set, err := cedar.NewPolicySetFromBytes("policies.cedar", []byte(Policies))
	if err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	return &Rights{set}, nil
}

// Check returns nil if the rules allow it, else [genbo.ErrForbidden].
func (r *Rights) Check(p Principal, q Question) error {
	roles := make([]types.Value, len(p.Roles))
	for i, role := range p.Roles {
		roles[i] = types.String(role)
	}
	who := types.NewEntityUID("Staff", types.String(p.Staff))
	entities := types.EntityMap{who: {UID: who, Attributes: types.NewRecord(types.RecordMap{
		"roles":  types.NewSet(roles...),
		"office": types.NewEntityUID("Office", types.String(p.Office)),
	})}}
	decision, diagnostic := cedar.Authorize(r.policies, entities, types.Request{
		Principal: who,
		Action:    types.NewEntityUID("Action", types.String(q.Action)),
		Resource:  types.NewEntityUID("Office", types.String(q.Office)),
		Context:   types.NewRecord(types.RecordMap{"purpose": types.String(q.Purpose), "case": types.String(q.Case)}),
	})
	if len(diagnostic.Errors) > 0 {
		return fmt.Errorf("%s: a policy cannot be evaluated: %w", q.Action, genbo.ErrForbidden)
	}
	if decision != cedar.Allow {
		return fmt.Errorf("%s: no rule allows it: %w", q.Action, genbo.ErrForbidden)
	}
	return nil
}
