package account

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// drive makes a device of whoever a token is of.
func (h house) drive(token string, profile school.Profile, name string) (n NewDrive, err error) {
	h.t.Helper()
	err = h.d.Write(h.t.Context(), func(tx *db.Tx) error {
		s, err := h.Resolve(tx, token)
		if err == nil {
			n, err = h.AddDrive(tx, s, profile, name, home)
		}
		return err
	})
	return n, err
}

// openDrive tells which device a login and a password open.
func (h house) openDrive(login, password string) (d Drive, err error) {
	h.t.Helper()
	err = h.d.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		d, err = h.OpenDrive(tx, login, password)
		return err
	})
	return d, err
}

// mustDrive makes a device of the head.
func (h house) mustDrive() (Opened, NewDrive) {
	h.t.Helper()
	in := h.activate(head)
	n, err := h.drive(in.Token, school.Head, "Ordinateur du bureau")
	if err != nil {
		h.t.Fatal(err)
	}
	return in, n
}

func TestADriveIsRefused(t *testing.T) {
	each(t, func(h house) {
		in, n := h.mustDrive()
		for name, c := range map[string]struct{ login, password string }{
			"nobody's login":                     {"personne.ici", n.Password},
			"no login":                           {"", n.Password},
			"another's login":                    {"claude.martin", n.Password},
			"no password":                        {"ada.petit", ""},
			"the password of the account":        {"ada.petit", good},
			"a password of the right form":       {"ada.petit", strings.Repeat("2222-", 5) + "2222"},
			"a password that lacks a letter":     {"ada.petit", n.Password[:len(n.Password)-1]},
			"a very long password":               {"ada.petit", strings.Repeat("K", 1<<20)},
			"a password with something after it": {"ada.petit", n.Password + "2"},
		} {
			if d, err := h.openDrive(c.login, c.password); !fail.Is(err, fail.SignIn) {
				h.t.Errorf("%s: %+v, %v", name, d, err)
			}
		}
		for profile, name := range map[school.Profile]string{
			school.Pupil: "tablette", school.Guardian: "maison", school.Teacher: "un chapeau qui n’est pas le sien", school.Pilot: "x", "": "y",
		} {
			if _, err := h.drive(in.Token, profile, name); !fail.Is(err, fail.NotFound) {
				h.t.Errorf("%s: %v", profile, err)
			}
		}
		child := h.activate(zoe)
		if _, err := h.drive(child.Token, school.Pupil, "tablette"); !fail.Is(err, fail.NotFound) {
			h.t.Errorf("a pupil: %v", err)
		}
		for _, name := range []string{"", " \t", strings.Repeat("é", MaxDriveName+1)} {
			if _, err := h.drive(in.Token, school.Head, name); !fail.Is(err, fail.Invalid) {
				h.t.Errorf("%q: %v", name, err)
			}
		}
		for i := 1; i < MostDrives; i++ {
			if _, err := h.drive(in.Token, school.Head, fmt.Sprint(i)); err != nil {
				h.t.Fatal(err)
			}
		}
		if _, err := h.drive(in.Token, school.Head, "un de trop"); !fail.Is(err, fail.Conflict) {
			h.t.Errorf("one too many: %v", err)
		}
	})
}

func TestADriveOpens(t *testing.T) {
	each(t, func(h house) {
		in, n := h.mustDrive()
		if got := strings.Count(n.Password, "-"); got != 5 || n.Login.String() != "ada.petit" {
			h.t.Errorf("%+v", n)
		}
		for _, typed := range []string{n.Password, strings.ToLower(n.Password), strings.ReplaceAll(n.Password, "-", "")} {
			d, err := h.openDrive(" Ada.Petit", typed)
			if err != nil || d.Person != head || d.Profile != school.Head || d.Name != "Ordinateur du bureau" {
				h.t.Errorf("%q: %+v, %v", typed, d, err)
			}
		}
		h.write(func(tx *db.Tx) error {
			kept, err := db.All(tx, db.Column[[]byte], `SELECT secret FROM account_drive`)
			for _, secret := range kept {
				if bytes.Contains(secret, []byte(strings.ReplaceAll(n.Password, "-", ""))) {
					h.t.Error("the password is kept")
				}
			}
			return err
		})
		h.write(func(tx *db.Tx) error {
			came := UsedDrive(tx, n.Drive, home)
			if came == nil {
				h.t.Fatal("nothing is noted of the first time")
			}
			return came(tx)
		})
		h.write(func(tx *db.Tx) error {
			all, err := Drives(tx, head)
			if err != nil || len(all) != 1 || !all[0].Used.Equal(tx.Now.Truncate(24*time.Hour)) || all[0].From != networkTold(home) {
				h.t.Errorf("%+v, %v", all, err)
				return err
			}
			if UsedDrive(tx, all[0], home) != nil {
				h.t.Error("the same day is noted again")
			}
			return nil
		})
		h.write(func(tx *db.Tx) error {
			s, err := h.Resolve(tx, in.Token)
			if err != nil {
				return err
			}
			if err := h.RemoveDrive(tx, s, n.ID+1, home); !fail.Is(err, fail.NotFound) {
				h.t.Errorf("one that is not there: %v", err)
			}
			return h.RemoveDrive(tx, s, n.ID, home)
		})
		if _, err := h.openDrive("ada.petit", n.Password); !fail.Is(err, fail.SignIn) {
			h.t.Errorf("taken back: %v", err)
		}
		if said := strings.Join(h.journalled(), " "); !strings.Contains(said, string(actDriveAdd)) || !strings.Contains(said, string(actDriveRemove)) {
			h.t.Error(said)
		}
	})
}

// What shuts an account, or makes its person choose a password, takes the passwords of its devices back.
func TestADriveEndsWithItsAccount(t *testing.T) {
	for name, shut := range map[string]func(h house, in Opened) error{
		"disabled": func(h house, _ Opened) error {
			return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.Disable(tx, head, audit.By{Actor: claude}) })
		},
		"frozen": func(h house, _ Opened) error {
			return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.freeze(tx, head, audit.By{}, Unusual, home) })
		},
		"a password chosen with a code": func(h house, _ Opened) error {
			c := h.code(head)
			_, err := h.Activate(h.t.Context(), c.Login.String(), c.Text, "un autre mot de passe", home)
			return err
		},
		"a password changed": func(h house, in Opened) error {
			s, err := h.resolve(in.Token)
			if err == nil {
				err = h.ChangePassword(h.t.Context(), s, good, "un autre mot de passe", home)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				in, n := h.mustDrive()
				if err := shut(h, in); err != nil {
					h.t.Fatal(err)
				}
				if _, err := h.openDrive("ada.petit", n.Password); !fail.Is(err, fail.SignIn) {
					h.t.Errorf("it opens still: %v", err)
				}
				h.write(func(tx *db.Tx) error {
					all, err := Drives(tx, head)
					if len(all) > 0 {
						h.t.Errorf("%+v", all)
					}
					return err
				})
			})
		})
	}
}

// Who left long ago opens nothing, whatever the row says.
func TestADriveOfWhoLeftOpensNothing(t *testing.T) {
	each(t, func(h house) {
		_, n := h.mustDrive()
		h.Gone = func(_ *db.Tx, person school.ID) (bool, error) { return person == head, nil }
		if _, err := h.openDrive("ada.petit", n.Password); !fail.Is(err, fail.SignIn) {
			h.t.Error(err)
		}
	})
}

// Wrong passwords are counted, are told to wait, and shut nobody out: neither the device nor the account.
func TestWrongDrivesWait(t *testing.T) {
	each(t, func(h house) {
		_, n := h.mustDrive()
		for i := range driveRate.burst {
			if err := h.WrongDrive(h.t.Context(), "ada.petit", home); !fail.Is(err, fail.SignIn) {
				h.t.Fatalf("try %d: %v", i, err)
			}
		}
		if err := h.WrongDrive(h.t.Context(), "ada.petit", home); !fail.Is(err, fail.TooMany) {
			h.t.Errorf("beyond: %v", err)
		}
		if said := h.journalled(); said[len(said)-1] != string(actBlocked) {
			h.t.Error(said)
		}
		if _, err := h.openDrive("ada.petit", n.Password); err != nil {
			h.t.Errorf("the device: %v", err)
		}
		if _, err := h.signIn("ada.petit", good); err != nil {
			h.t.Errorf("the account: %v", err)
		}
		h.at(h.now().Add(driveRate.every))
		if err := h.WrongDrive(h.t.Context(), "ada.petit", home); !fail.Is(err, fail.SignIn) {
			h.t.Errorf("later: %v", err)
		}
	})
}
