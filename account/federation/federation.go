package federation

import (
	"embed"
	"net/http"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables federation_*.
func Schema() db.Schema { return db.Schema{Name: "federation", Files: files} }

// Words holds the texts of the package.
//
//go:embed words/*.json
var Words embed.FS

// Service is the door for those whom the State vouches for.
type Service struct {
	DB       *db.DB
	Key      *seal.Key
	Accounts *account.Accounts
	Audit    *audit.Log
	// Academies gives the académies that deliver, by the source of their keys;
	// the feed's, which this package does not know.
	Academies func(*db.Tx) (map[school.ID]string, error)
	// LetIn gives the browser a session that was opened; the hall's. It writes
	// by itself.
	LetIn func(*web.Request, account.Opened, web.Redirect) (web.Answer, error)
	// Client asks the providers; nil: [http.Client] with our limits.
	Client *http.Client

	ways db.Recent[[]Way]
}

var _ web.Room = (*Service)(nil)

// Mount implements [web.Room].
func (s *Service) Mount(m *web.Mux) {
	m.PublicGet("/login/saml/metadata", "identity providers read there who we are", s.metadata, web.NoTx)
	m.PublicGet("/login/saml/{idp}", "one leaves there for an identity provider", s.leaveSAML, web.NoTx)
	m.Foreign("/login/saml/acs", "an identity provider has the browser post its signed answer there", s.acs, web.Upload(maxForm))
	m.PublicGet("/login/oidc/{idp}", "one leaves there for an identity provider", s.leaveOIDC, web.NoTx)
	m.PublicGet("/login/oidc/callback", "an identity provider sends the browser back there with a code", s.callback, web.NoTx, web.Limit(callbackTime))
	m.PublicGet("/login/who", "who was vouched for comes in there", s.who, web.NoTx)
	m.PublicPost("/login/who", "who was vouched for as several people chooses there", s.choose)
}

const (
	// tryLife is how long one may take to prove who one is elsewhere.
	tryLife = 15 * time.Minute
	// foundLife is how long who was found may take to come in, or to choose.
	foundLife = 10 * time.Minute
	// seenLife is how long an assertion is remembered: longer than any is taken,
	// which the library bounds to minutes after its issue.
	seenLife = time.Hour
	// maxForm and maxMessage bound an answer, in base64 and in XML: those of
	// the State's providers have a few thousand bytes.
	maxForm    = 192 << 10
	maxMessage = 128 << 10
	// callbackTime is how long the provider of a code may take to answer.
	callbackTime = 30 * time.Second
	// skew is by how much clocks may differ.
	skew = 60 * time.Second
)
