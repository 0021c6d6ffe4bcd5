package village

import "strings"

// structure is what the record of any structure needs: a school or an office.
type structure struct {
	id         int64
	uai        string
	siret      string
	name       string // three fields: type, name, town
	kind, code string
	sector     string
	office     string // the circonscription, by its jointure
	commune    *commune
	rpi        string
	street     string
	phone      string
}

func structureRecord(s structure) record {
	r := record{category: structures, id: itoa(s.id)}
	r.put("ENTStructureJointure", r.id)
	r.put("ENTStructureUAI", s.uai)
	r.put("ENTStructureSIREN", s.siret) // a SIRET, whatever its name
	r.put("ENTStructureNomCourant", s.name)
	r.put("ENTStructureTypeStruct", s.kind)
	r.put("ENTStructureCodeTypeStruct", s.code)
	r.put("ENTEcoleMinistereTutelle", "MINISTERE DE L'EDUCATION NATIONALE")
	r.put("ENTEcoleCodeMinistereTutelle", "06")
	r.put("ENTEcoleSecteur", s.sector)
	r.put("ENTEcoleCirconscription", s.office)
	r.put("ENTEcoleCommune", s.commune.value())
	r.put("ENTEcoleRPI", s.rpi)
	r.put("ENTServAcAcademie", academyName)
	r.put("ENTServAcCodeAcademie", academyCode)
	r.put("ENTStructureAdresse", s.street)
	r.put("ENTStructureBoitePostale")
	r.put("ENTStructureCodePostal", s.commune.postcode)
	r.put("ENTStructureVille", s.commune.name)
	r.put("ENTStructureTelephone", s.phone)
	r.put("ENTStructureFax")
	r.put("ENTStructureMailSI", "ce."+strings.ToLower(s.uai)+"@"+academyMail)
	return r
}

// offices tells of the structures that are no schools: the rectorat, a DSDEN
// per département, the circonscriptions.
func (p plan) offices() []record {
	seat := communeOf(0)
	list := []record{structureRecord(structure{
		id: rectoratID, uai: string(uaiOf(seat.department, rectoratID)), siret: siret(seat, 900),
		name: "RECTORAT$" + academyName + "$" + seat.name, kind: "RECTORAT",
		sector: "PU", commune: seat, street: "1 PLACE DU RECTORAT", phone: "+33 2 61 91 00 02",
	})}
	for _, d := range p.departments {
		list = append(list, structureRecord(structure{
			id: d.office, uai: string(uaiOf(d, d.office)), siret: siret(seat, 900+int(d.office)),
			name: "D.S.D.E.N.$" + d.name + "$" + seat.name, kind: "INSPECTIONS ACADEMIQUES",
			sector: "PU", commune: seat, street: "2 PLACE DU RECTORAT", phone: "+33 2 61 91 00 " + itoa(d.office),
		}))
	}
	for i, c := range p.circonscriptions {
		list = append(list, structureRecord(structure{
			id: c.id, uai: string(uaiOf(c.seat.department, c.id)), siret: siret(c.seat, 1000+i),
			name: "IEN$CIRCONSCRIPTION DE " + c.seat.name + "$" + c.seat.name, kind: "CIRCONSCRIPTIONS INSPECTION EDUC NAT",
			sector: "PU", commune: c.seat, street: "3 PLACE DU MARCHE", phone: "+33 2 61 91 01 " + itoa(10+int64(i)%90),
		}))
	}
	return list
}
