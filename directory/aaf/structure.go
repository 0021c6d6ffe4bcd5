package aaf

import (
	"strings"

	"preau/core/school"
)

// structureAttributes are those of EtabEducNat (SDET annex 1).
var structureAttributes = []attribute{
	{name: "ENTStructureJointure", read: (*decoder).sameKey},
	{name: "ENTStructureUAI", must: true, read: func(d *decoder, v string) {
		d.structure.UAI = school.UAI(strings.ToUpper(v))
		if !d.structure.UAI.Valid() {
			d.trouble(InvalidUAI, Kept, d.attribute.name)
		}
	}},
	{name: "ENTStructureSIREN", read: func(d *decoder, v string) { d.structure.SIRET = v }},
	{name: structureName, read: (*decoder).structureName},
	{name: "ENTStructureTypeStruct", must: true, read: func(d *decoder, v string) { d.structure.Type.Label = v }},
	{name: "ENTStructureCodeTypeStruct", read: func(d *decoder, v string) { d.structure.Type.Code = v }},
	{name: "ENTEcoleMinistereTutelle", read: func(d *decoder, v string) { d.structure.Ministry.Label = v }},
	{name: "ENTEcoleCodeMinistereTutelle", read: func(d *decoder, v string) { d.structure.Ministry.Code = v }},
	{name: "ENTEcoleSecteur", read: func(d *decoder, v string) { d.structure.Sector = v }},
	{name: "ENTEtablissementContrat", read: func(d *decoder, v string) { d.structure.Contract = v }},
	{name: "ENTEcoleCirconscription", read: func(d *decoder, v string) { d.structure.Circonscription, _ = d.key(v) }},
	{name: "ENTEcoleCommune", read: func(d *decoder, v string) {
		if f, ok := d.fields(v, 3); ok {
			d.structure.Commune = Commune{INSEE: f[0], Name: f[1], Department: f[2]}
		}
	}},
	{name: "ENTEcoleRPI", read: func(d *decoder, v string) {
		if f, ok := d.fields(v, 3); ok {
			d.structure.RPI = RPI{Code: f[0], Name: f[1], Department: f[2]}
		}
	}},
	{name: "ENTServAcAcademie", read: func(d *decoder, v string) { d.structure.Academy.Label = v }},
	{name: "ENTServAcCodeAcademie", read: func(d *decoder, v string) { d.structure.Academy.Code = v }},
	{name: "ENTStructureAdresse", read: func(d *decoder, v string) { d.structure.Address.Lines = addressLines(v) }},
	{name: "ENTStructureBoitePostale", read: func(d *decoder, v string) { d.structure.Address.POBox = v }},
	{name: "ENTStructureCodePostal", read: func(d *decoder, v string) { d.structure.Address.PostalCode = v }},
	{name: "ENTStructureVille", read: func(d *decoder, v string) { d.structure.Address.Town = v }},
	{name: "ENTStructureTelephone", read: func(d *decoder, v string) { d.phone(v, &d.structure.Phone) }},
	{name: "ENTStructureFax", read: func(d *decoder, v string) { d.phone(v, &d.structure.Fax) }},
	{name: "ENTStructureMailSI", alt: "ENTStructureEmail", read: func(d *decoder, v string) { d.mail(v, &d.structure.Mail) }},
}

const structureName = "ENTStructureNomCourant"

// structureName reads "E.P.PU$LES LILAS$BELLEVILLE". Old deliveries have a
// name alone, "LES LILAS-ac-ACADEMIE".
func (d *decoder) structureName(v string) {
	if !strings.Contains(v, "$") {
		d.structure.Name, _, _ = strings.Cut(v, "-ac-")
		return
	}
	if f, ok := d.fields(v, 3); ok {
		d.structure.Prefix, d.structure.Name, d.structure.Place = f[0], f[1], f[2]
	}
}

func (d *decoder) checkStructure() {
	s, name := d.structure, d.table.byName[structureName]
	if s.Prefix == "" && s.Name == "" && s.Place == "" && d.says(name) {
		d.reject(MissingName, name.name)
	}
}
