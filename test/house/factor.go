package house

import (
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"preau/account"
	"preau/core/db"
)

// Protect gives the visitor an application that shows codes. Their session has
// proved itself, and has a new token.
func (v Visitor) Protect() (protected Visitor, secret string) {
	v.T.Helper()
	v.Read(func(tx *db.Tx) error {
		s, err := account.Bearer(tx, v.Token)
		if err != nil {
			return err
		}
		key, err := v.Accounts.AppKey(tx, s)
		secret = key.Typed
		return err
	})
	done, err := v.Accounts.AddApp(v.T.Context(), v.Token, v.Code(secret), From)
	if err != nil {
		v.T.Fatal(err)
	}
	v.Token = done.Token
	return v, secret
}

// Code is what the application with a secret shows now.
func (h *House) Code(secret string) string {
	h.T.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), h.DB.Now())
	if err != nil {
		h.T.Fatal(err)
	}
	return code
}

// Tired is the visitor when their last proof is too old for what asks for one.
func (v Visitor) Tired() Visitor {
	v.Later(account.ProofLife + time.Minute)
	return v
}

// Prove is the visitor after another proof.
func (v Visitor) Prove(secret string) Visitor {
	v.T.Helper()
	opened, err := v.Accounts.ProveCode(v.T.Context(), v.Token, v.Code(secret), From)
	if err != nil {
		v.T.Fatal(err)
	}
	v.Token = opened.Token
	return v
}
