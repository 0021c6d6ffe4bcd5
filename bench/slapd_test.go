package bench

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/directory/aaf"
)

// slapdConf is a directory of people, with the indexes that its readers need
// most. Nothing of it is checked: slapadd -q.
const slapdConf = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 17179869184
suffix "dc=preau,dc=test"
directory %s
index objectClass,uid,cn,sn eq
`

// slapadd makes an OpenLDAP directory of the people of a delivery; false where
// the machine has no slapd. It has their names and addresses: no school, no
// class, no bond, no login.
func slapadd(b *testing.B, delivery string) (cost, bool) {
	b.Helper()
	program, err := exec.LookPath("slapadd")
	if err != nil {
		if program = "/usr/sbin/slapadd"; !exists(program) {
			return cost{}, false
		}
	}
	dir := b.TempDir()
	data, conf, ldif := filepath.Join(dir, "data"), filepath.Join(dir, "slapd.conf"), filepath.Join(dir, "people.ldif")
	if err := os.Mkdir(data, 0o700); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(conf, fmt.Appendf(nil, slapdConf, data), 0o600); err != nil {
		b.Fatal(err)
	}
	if err := writeLDIF(b, ldif, delivery); err != nil {
		b.Fatal(err)
	}
	took := spend(b, program, "-q", "-f", conf, "-l", ldif)
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
	return took, true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// writeLDIF writes the people of a delivery as slapadd takes them.
func writeLDIF(b *testing.B, path, delivery string) (err error) {
	source, err := aaf.Open(delivery)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprint(w, "dn: dc=preau,dc=test\nobjectClass: dcObject\nobjectClass: organization\ndc: preau\no: Preau\n\n",
		"dn: ou=people,dc=preau,dc=test\nobjectClass: organizationalUnit\nou: people\n\n")
	for _, d := range source.Deliveries() {
		people := func(f aaf.File) bool { return f.Category != aaf.Structures }
		if _, err := d.Read(b.Context(), people, func(batch []aaf.Record) error {
			for i := range batch {
				writePerson(w, &batch[i])
			}
			return nil
		}, nil); err != nil {
			return err
		}
	}
	return w.Flush()
}

// writePerson writes one entry. What identifiers of three kinds have in common
// is told apart by their first letter.
func writePerson(w io.Writer, r *aaf.Record) {
	var name aaf.Name
	var uid, mail, phone, post string
	switch {
	case r.Pupil != nil:
		name, mail, uid = r.Pupil.Name, r.Pupil.Mail, fmt.Sprintf("e%d", r.Key)
	case r.Staff != nil:
		name, mail, uid = r.Staff.Name, r.Staff.Mail, fmt.Sprintf("s%d", r.Key)
	case r.Guardian != nil:
		g := r.Guardian
		name, mail, phone, uid = g.Name, g.Mail, g.MobilePhone, fmt.Sprintf("g%d", r.Key)
		post = strings.Join(slices.Concat(g.Address.Lines, []string{g.Address.PostalCode, g.Address.Town}), " $ ")
	}
	fmt.Fprintf(w, "dn: uid=%s,ou=people,dc=preau,dc=test\nobjectClass: inetOrgPerson\nuid: %s\n", uid, uid)
	for _, attribute := range [][2]string{
		{"cn", strings.TrimSpace(name.First + " " + name.Usual)}, {"sn", name.Usual}, {"givenName", name.First},
		{"title", name.Civility}, {"mail", mail}, {"mobile", phone}, {"postalAddress", post},
	} {
		if attribute[1] != "" { // RFC 2849: what is not plain text is in base64
			fmt.Fprintf(w, "%s:: %s\n", attribute[0], base64.StdEncoding.EncodeToString([]byte(attribute[1])))
		}
	}
	fmt.Fprintln(w)
}
