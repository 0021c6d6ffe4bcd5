package reception

import (
	"fmt"
	"io"
	"strings"
)

// The names that [SSHD] gives to what it has made.
const (
	sftpGroup = "preau-sftp"
	sftpKeys  = "/etc/ssh/preau-keys"
)

// SSHD writes how to serve the folder of an inbox with OpenSSH: the
// configuration, and for each account the commands that make its user and its
// folders. user is whom preau runs as.
func SSHD(w io.Writer, inbox, user string, accounts []Account) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# Put these lines in /etc/ssh/sshd_config.d/preau.conf, then, as root:
#   sshd -t && systemctl reload ssh
# A key and nothing else; each account sees its own folder and nothing else,
# writes in "in", reads in "out", and gets neither a shell nor a tunnel.
Match Group %[1]s
    AuthenticationMethods publickey
    PubkeyAuthentication yes
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    AuthorizedKeysFile %[2]s/%%u
    ChrootDirectory %[3]s/%%u
    ForceCommand internal-sftp -u 0007
    DisableForwarding yes
    PermitTTY no
    PermitUserRC no

# Once, as root. The folder and those above belong to root, and nobody else
# may write there: sshd demands it.
#   groupadd --system %[1]s
#   install -d -o root -g root -m 0755 %[2]s %[3]s
#   install -d -o %[4]s -g %[4]s -m 0770 %[3]s/in %[3]s/out
`, sftpGroup, sftpKeys, inbox, user)
	if len(accounts) == 0 {
		b.WriteString("\n# No account is open yet. To open one:\n#   preau reception open --academy 025 --account aaf-versailles\n")
	}
	for _, a := range accounts {
		fmt.Fprintf(&b, `
# The account %[1]s of the académie %[2]s; KEY is the file that it gave, %[1]s.pub.
#   useradd --system --no-create-home --home-dir / --shell /usr/sbin/nologin --gid %[3]s %[1]s
#   install -d -o root -g root -m 0755 %[4]s/%[1]s
#   install -d -o %[1]s -g %[5]s -m 2770 %[4]s/%[1]s/in
#   install -d -o %[5]s -g %[3]s -m 2750 %[4]s/%[1]s/out
#   install -o root -g root -m 0644 KEY %[6]s/%[1]s
`, a.Name, a.Academy, sftpGroup, inbox, user, sftpKeys)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
