package federation_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
)

// simpleSAML is where Debian puts SimpleSAMLphp.
const simpleSAML = "/usr/share/simplesamlphp/www"

// A parent comes in by an identity provider that is not ours: SimpleSAMLphp,
// which reads our metadata's certificate, checks the signature of our request,
// and signs what it says by itself.
func TestSimpleSAMLphp(t *testing.T) {
	php, err := exec.LookPath("php")
	if _, missing := os.Stat(simpleSAML); err != nil || missing != nil {
		if os.Getenv("PREAU_TEST_ALL") == "1" {
			t.Fatal("no SimpleSAMLphp on this machine: apt-get install simplesamlphp php-cli php-xml")
		}
		t.Skip("no SimpleSAMLphp on this machine")
	}
	s := today(t, dbtest.SQLite(t, schemas()...))
	person, ref := s.guardian(0)

	address := free(t)
	base := "http://" + address
	dir := t.TempDir()
	configure(t, s, dir, base, ref)
	server := exec.CommandContext(t.Context(), php, "-S", address, "-t", simpleSAML)
	server.Env = append(os.Environ(), "SIMPLESAMLPHP_CONFIG_DIR="+filepath.Join(dir, "config"))
	server.Stderr = t.Output()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	waitFor(t, address)

	p := byKey
	p.Metadata = base + "/saml2/idp/metadata.php"
	if err := s.fed.Add(t.Context(), p, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.fed.RefreshAll(t.Context()); err != nil {
		t.Fatal(err)
	}

	reply := s.get("/login/saml/educonnect")
	errand := cookie(reply, "preau-errand")
	page := browse(t, reply.Header.Get("Location"))
	form := url.Values{}
	for _, field := range regexp.MustCompile(`<input[^>]*name="(SAMLResponse|RelayState)"[^>]*value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	if form.Get("SAMLResponse") == "" {
		t.Fatalf("SimpleSAMLphp posts nothing:\n%.2000s", page)
	}
	s.post(form).Wants(http.StatusSeeOther)
	in := s.get("/login/who", errand)
	if cookie(in, "preau") == nil {
		t.Fatalf("nobody came in: %s", in.Main())
	}
	if got := s.One(`SELECT person_id FROM account_session`); got != person {
		t.Errorf("%s came in", s.Who(got).Name())
	}
	if back := s.back(); back != base+"/logout" {
		t.Errorf("one leaves by %q", back)
	}
	s.post(form).Wants(http.StatusForbidden) // once

	// It does not answer a request that we did not sign.
	to, err := url.Parse(s.get("/login/saml/educonnect").Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	query := to.Query()
	query.Set("Signature", base64.StdEncoding.EncodeToString(make([]byte, 384)))
	to.RawQuery = query.Encode()
	if page := browse(t, to.String()); strings.Contains(page, "SAMLResponse") {
		t.Error("SimpleSAMLphp answers a request that is not ours")
	}
}

func (s *stage) back() (back string) {
	s.Read(func(tx *db.Tx) (err error) {
		back, err = db.One(tx, db.Column[string], `SELECT back FROM federation_entry`)
		return err
	})
	return back
}

// configure writes the configuration of a SimpleSAMLphp that vouches for one
// person, without asking, to us alone.
func configure(t *testing.T, s *stage, dir, base, ref string) {
	t.Helper()
	pair := keys()[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey.(*rsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	certificate := regexp.MustCompile(`<(?:\w+:)?X509Certificate[^>]*>([^<]+)<`).FindStringSubmatch(s.get(metadataPath).Body)
	if certificate == nil {
		t.Fatal("our metadata has no certificate")
	}
	for name, text := range map[string]string{
		"cert/idp.key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"cert/idp.crt": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		"config/config.php": fmt.Sprintf(`<?php $config = [
	'baseurlpath' => '%[1]s/', 'certdir' => '%[2]s/cert/', 'loggingdir' => '%[2]s/log/', 'datadir' => '%[2]s/data/', 'tempdir' => '%[2]s/tmp',
	'technicalcontact_email' => 'na@example.org', 'timezone' => 'Europe/Paris', 'secretsalt' => 'a salt of the test alone', 'auth.adminpassword' => 'none of ours',
	'enable.saml20-idp' => true, 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
	'store.type' => 'phpsession', 'session.cookie.secure' => false, 'session.phpsession.savepath' => '%[2]s/tmp',
	'logging.handler' => 'errorlog', 'logging.level' => 3, 'metadata.sources' => [['type' => 'flatfile', 'directory' => '%[2]s/metadata']],
];`, base, dir),
		"config/authsources.php": fmt.Sprintf(`<?php $config = ['static' => ['exampleauth:StaticSource', 'uid' => ['somebody'],
	'FrEduCtRefId' => ['%s'], 'FrEduUrlRetour' => ['%s/logout']]];`, ref, base),
		"metadata/saml20-idp-hosted.php": fmt.Sprintf(`<?php $metadata['%s/idp'] = ['host' => '__DEFAULT__', 'privatekey' => 'idp.key', 'certificate' => 'idp.crt',
	'auth' => 'static', 'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'redirect.validate' => true,
	'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic'];`, base),
		"metadata/saml20-sp-remote.php": fmt.Sprintf(`<?php $metadata['%[1]s/login/saml/metadata'] = ['AssertionConsumerService' => '%[1]s/login/saml/acs',
	'certData' => '%[2]s', 'validate.authnrequest' => true, 'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'];`, s.URL, strings.TrimSpace(certificate[1])),
		"log/.keep": "", "data/.keep": "", "tmp/.keep": "",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const metadataPath = "/login/saml/metadata"

// free finds a port that nobody listens to.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitFor waits until somebody listens at an address: another process, of which
// no clock of ours tells.
func waitFor(t *testing.T, address string) {
	t.Helper()
	for range 100 {
		if c, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			c.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("nobody listens at %s", address)
}

// browse follows a provider's redirections as a browser does, to a page.
func browse(t *testing.T, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Jar: jar}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
