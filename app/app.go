package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"preau/account"
	"preau/account/federation"
	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/blob"
	"preau/core/config"
	"preau/core/content"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/notify"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/exchange/reception"
	"preau/exchange/webdav"
	"preau/office/accounts"
	"preau/office/register"
	"preau/office/removal"
	"preau/portal"
	"preau/service/alert"
	"preau/service/file"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
	"preau/service/people"
)

// House is one installation, open.
type House struct {
	DB       *db.DB
	Key      *seal.Key
	Words    *i18n.Catalogue
	Audit    *audit.Log
	Accounts *account.Accounts
	Feeder   *feed.Feeder
	Jobs     *job.Queue
	Outbox   *mail.Outbox // nothing leaves from it before [House.sends]
	// Notify tells people outside of the portal what waits for them in it.
	Notify *notify.Service
	// Federation lets in those whom the State vouches for.
	Federation *federation.Service
	Log        *slog.Logger
	// Reception is where deliveries arrive; Data, the folder where it keeps
	// them.
	Reception *reception.Service
	Data      string
	// Blobs are the files that people attach.
	Blobs blob.Store
	// Demo tells that the data is fictional.
	Demo bool

	tray     *attach.Tray // takes what people attach, in every room
	office   *register.Service
	alerts   *alert.Service
	files    *file.Service
	removals *removal.Service
	services []web.Service // what the portal opens: see [House.openRooms]
	hall     *portal.Portal
	ahead    *web.Ahead // of what leaves later: see [House.later]
}

// Place says where an installation is.
type Place struct {
	Data string // folder; made when missing
	DB   string // postgres:// URL; empty: a SQLite file in Data
	Key  string // file of the master key; empty: "key" in Data
	// Blobs is where the files are that people attach, a folder or a bucket (see [blob.Open]);
	// empty: "blobs" in Data. BlobsAlso is where some are still while they move, or empty.
	Blobs, BlobsAlso string
}

// whole says where everything is. A folder that holds a key and no database is
// that of an installation on PostgreSQL, whose address was forgotten: a second
// one is not begun beside it. Nor is one where a slip of the pen says: a database
// is an address of PostgreSQL's, or the whole path of a file.
func (p Place) whole() (Place, error) {
	key, sqlite := filepath.Join(p.Data, "key"), filepath.Join(p.Data, "preau.db")
	if p.DB != "" && !db.IsPostgres(p.DB) && !filepath.IsAbs(p.DB) {
		return p, usage("--db %s: an address begins with postgres://, and the path of a file with /", p.DB)
	}
	if p.DB == "" && p.Key == "" && exists(key) && !filled(sqlite) {
		return p, fmt.Errorf("%s holds a key and no database: say where the database is with --db, or begin an installation in another folder", p.Data)
	}
	if err := arePlaces("--blobs", p.Blobs, "--blobs-also", p.BlobsAlso); err != nil {
		return p, err
	}
	p.DB, p.Key, p.Blobs = cmp.Or(p.DB, sqlite), cmp.Or(p.Key, key), cmp.Or(p.Blobs, filepath.Join(p.Data, "blobs"))
	return p, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// filled tells whether a file is there, and holds something.
func filled(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Size() > 0
}

// schemas are the tables of the house, in the order in which they are made.
func schemas() []db.Schema {
	return []db.Schema{
		config.Schema(), audit.Schema(), job.Schema(),
		directory.Schema(), feed.Schema(), account.Schema(), federation.Schema(), reception.Schema(),
		mail.Schema(), audience.Schema(), search.Schema(), past.Schema(), notify.Schema(), portal.Schema(), liaison.Schema(), message.Schema(), news.Schema(), file.Schema(), removal.Schema(), alert.Schema(), webdav.Schema(),
	}
}

// vocabularies are the texts of the house, room by room.
func vocabularies() []fs.FS {
	return []fs.FS{personal.Words, audience.Words, notify.Words, photo.Words, attach.Words, content.Words, web.Words, ui.Words, directory.Words, feed.Words, account.Words, federation.Words, portal.Words, register.Words, accounts.Words, people.Words, reception.Words, whom.Words, liaison.Words, message.Words, news.Words, file.Words, alert.Words, removal.Words}
}

// Open opens an installation, and brings its tables up to date.
func Open(ctx context.Context, at Place, log *slog.Logger) (*House, error) {
	at, err := at.whole()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(at.Data, 0o700); err != nil {
		return nil, err
	}
	words, err := i18n.Load(vocabularies()...)
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, at.DB)
	if err != nil {
		return nil, err
	}
	h := &House{DB: d, Words: words, Log: log, Data: at.Data}
	if err := h.build(ctx, at); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return h, nil
}

// build makes the core and what stands on it, with the key and the blobs of a place.
func (h *House) build(ctx context.Context, at Place) (err error) {
	if err := h.DB.Migrate(ctx, schemas()...); err != nil {
		return err
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		if h.Demo, err = config.Demo(tx); err != nil {
			return err
		}
		h.Key, err = config.OpenKey(tx, at.Key)
		return err
	})
	if err != nil {
		return err
	}
	if h.Blobs, err = h.openBlobs(at); err != nil {
		return err
	}
	h.Audit = audit.New(h.Key)
	h.Audit.Replaces = directory.Replaces
	h.Accounts = account.New(h.DB, h.Key, h.Audit, directory.Hats, directory.Standing)
	h.Accounts.Gone = directory.Gone
	h.Federation = &federation.Service{DB: h.DB, Key: h.Key, Accounts: h.Accounts, Audit: h.Audit, Academies: feed.Academies}
	h.Feeder = &feed.Feeder{
		DB: h.DB, Caps: feed.DefaultCaps, Log: h.Log, Key: h.Key, Audit: h.Audit,
		Newcomers: h.Accounts.MakeLogins, Ended: h.Accounts.EndPost, Changed: h.changed,
	}
	h.Reception = &reception.Service{
		DB: h.DB, Feeder: h.Feeder, Vault: reception.NewVault(h.Key, filepath.Join(h.Data, "reception")),
		Audit: h.Audit, Words: h.Words, Log: h.Log,
	}
	h.Outbox = mail.New(h.DB, h.Key)
	h.Notify = notify.New(h.DB, h.Key)
	h.files = &file.Service{DB: h.DB, Blobs: h.Blobs, Audit: h.Audit}
	if h.Jobs, err = h.jobs(); err != nil {
		return err
	}
	h.files.Enqueue = h.Jobs.Enqueue
	h.Outbox.Enqueue, h.Outbox.Returned, h.Outbox.Waits, h.Outbox.Settled = h.Jobs.Enqueue, h.Notify.Returned, h.Notify.Waits, h.Notify.Settled
	h.Outbox.Again = h.Notify.Again
	if err := h.holdings().Check(); err != nil {
		return err
	}
	h.openRooms()
	h.later(h.services)
	return h.notifies(ctx)
}

// notifies fills what tells people outside of the portal.
func (h *House) notifies(ctx context.Context) error {
	n := h.Notify
	n.Words, n.Outbox, n.Log, n.Enqueue = h.Words, h.Outbox, h.Log, h.Jobs.Enqueue
	n.Audiences, n.Hats, n.Boxes, n.Children = directory.Audiences{}, directory.Hats, account.Reachable, firstNames
	n.People, n.InUse = account.UsedBy, account.IsUsed
	n.Notice, n.Mobiles, n.Posted, n.Spoken = h.alerts.Notice, directory.Mobiles, news.Posted, account.Spoken
	return h.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n.Push, err = notify.OpenPusher(tx, h.Key)
		return err
	})
}

// firstNames gives those of somebody's children.
func firstNames(tx *db.Tx, guardian school.ID) (map[school.ID]string, error) {
	children, err := directory.ChildrenOf(tx, guardian)
	names := make(map[school.ID]string, len(children))
	for _, child := range children {
		names[child.ID] = child.First
	}
	return names, err
}

// sends has mail leave, by a way and with links to a public address.
func (h *House) sends(by mail.Sender, url string) {
	h.Outbox.Sender = by
	h.Accounts.Mail = &account.Mail{Outbox: h.Outbox, Words: h.Words, URL: strings.TrimSuffix(url, "/"), Chosen: h.Notify.Chosen}
	h.Notify.URL = h.Accounts.Mail.URL
}

// Close closes the installation.
func (h *House) Close() error { return errors.Join(h.Blobs.Close(), h.DB.Close()) }

// matrix gathers the rights of every room.
func matrix(services []web.Service) (*rights.Matrix, error) {
	tables, rooms := []rights.Table{portal.Rights, webdav.Rights}, []web.Room{(*portal.Portal)(nil)}
	for _, service := range services {
		tables, rooms = append(tables, service.Rights()), append(rooms, service)
	}
	m, err := rights.New(tables...)
	if err != nil {
		return nil, err
	}
	return m, web.Lend(m, rooms...)
}

// stewards are whoever holds personal data, in the order in which it is
// erased: who refers before who is referred to.
func (h *House) stewards() []personal.Steward {
	return []personal.Steward{
		federation.Holdings, webdav.Holdings, h.Accounts, h.Outbox, h.Audit, h.Jobs, h.Reception.Vault, feed.Holdings, portal.Holdings, liaison.Holdings, message.Holdings, news.Holdings, file.Holdings, alert.Holdings, removal.Holdings, audience.Records, past.Holdings, h.Notify, directory.Holdings, search.Holdings, config.Holdings,
	}
}

// holdings are every table of the house, with the personal data they hold.
func (h *House) holdings() (all personal.Tables) {
	for _, steward := range h.stewards() {
		all = append(all, steward.Holdings()...)
	}
	return all
}

// canLend refuses a function that is lent without its words, or without a tile
// that leads whoever it is lent to.
func (h *House) canLend(table *rights.Matrix) error {
	for _, function := range table.Functions() {
		if key := directory.FunctionKey(function); !h.Words.Has(key) {
			return fmt.Errorf("building the portal: %s is lent, and %s has no words", function, key)
		}
		if !portal.Leads(function) {
			return fmt.Errorf("building the portal: %s is lent, and no tile leads to it", function)
		}
	}
	return nil
}

// site builds the portal at its public address.
func (h *House) site(url string, proxies ...netip.Prefix) (*web.Site, error) {
	table, err := matrix(h.services)
	if err != nil {
		return nil, err
	}
	if err := h.canLend(table); err != nil {
		return nil, err
	}
	h.hall.Demo, h.hall.Log = h.Demo, h.Log
	site, err := web.New(web.Config{
		URL: url, Proxies: proxies, DB: h.DB, Words: h.Words, Rights: table,
		Doors: portal.Doors{Accounts: h.Accounts}, Devices: portal.Doors{Accounts: h.Accounts}, Breaker: h.Accounts, Audiences: directory.Audiences{}, Marks: portal.Marks{}, Hall: []web.Room{h.hall, h.Federation, &webdav.Room{Tree: drive{file.Tree{Service: h.files}}, Service: h.files.Card().Name, Log: h.Log}}, Services: h.services,
		Frame: h.hall.Frame, Log: h.Log, Demo: h.Demo, Calm: h.calm(h.services),
	})
	if err != nil {
		return nil, fmt.Errorf("building the portal: %w", err)
	}
	return site, nil
}
