package village

// The names of today's classrooms and of their parents, as one hears them at
// the gate of a school. Each list is in no order that means anything.

var girlNames = []string{
	"Louise", "Jade", "Inaya", "Zoé", "Alma", "Léna", "Aïcha", "Rose", "Anaé", "Chloé",
	"Maïssa", "Éléonore", "Capucine", "Assia", "Maëlys", "Nour", "Héloïse", "Yasmine", "Apolline", "Fatoumata",
	"Lou-Anne", "Anouk", "Céleste", "Mariam", "Élise", "Salomé", "Linh", "Romane", "Khadija", "Agathe",
	"Marie-Lou", "Iris", "Naïla", "Victoire", "Aminata", "Clémence", "Lilou", "Sakura", "Adèle", "Océane",
	"Sofia", "Maryam", "Noémie", "Daria", "Albane", "Joséphine", "Hawa", "Lise", "Inès", "Suzanne",
	"Elif", "Garance", "Margaux", "Ayana", "Valentina", "Lya", "Rachel", "Bérénice", "Ndeye", "Camille",
	"Anna", "Charlie", "Mathilde", "Lina", "Ella-Rose", "Thaïs", "Priya", "Constance", "Sara", "Zélie",
	"Juliette", "Olivia", "Awa", "Mila", "Emma", "Ambre", "Léonie", "Alya", "Mei", "Gabrielle",
}

var boyNames = []string{
	"Gabriel", "Raphaël", "Adam", "Noé", "Léo", "Ibrahim", "Maël", "Jules", "Ismaël", "Aaron",
	"Côme", "Théo", "Mohamed Amine", "Éliott", "Sacha", "Moussa", "Timéo", "Gaspard", "Eden", "Naël",
	"Jean-Baptiste", "Ayoub", "Malo", "Loïc", "Yanis", "Augustin", "Kylian", "Minh", "Achille", "Bilal",
	"Zacharie", "Mathéo", "Amadou", "Célestin", "Hugo", "Rayan", "Oscar", "Emre", "Paul-Émile", "Nolan",
	"Basile", "Youssef", "Léandre", "Diego", "Antonin", "Souleymane", "Gaël", "Marius", "Ilyès", "Victor",
	"Tiago", "Joachim", "Cheikh", "Ezio", "Anatole", "Andrei", "Lubin", "Samuel", "Arjun", "François",
	"Nathanaël", "Swann", "Wassim", "Camille", "Charlie", "Félix", "Ousmane", "Ethan", "Clément", "Marceau",
	"Lucas", "Mamadou", "Louis-Marie", "Isaac", "Evan", "Robin", "Karim", "Jin", "Arthur", "Noah",
}

var womanNames = []string{
	"Aurélie", "Céline", "Fatima", "Émilie", "Nadia", "Sandrine", "Aïssatou", "Delphine", "Karima", "Hélène",
	"Anne-Sophie", "Mélanie", "Samira", "Laëtitia", "Rokhaya", "Ingrid", "Maria", "Élodie", "Thi Mai", "Stéphanie",
	"Noémie", "Malika", "Bénédicte", "Gaëlle", "Olena", "Marie-Laure", "Djeneba", "Claire", "Sévérine", "Ana Paula",
	"Solène", "Houria", "Virginie", "Yuki", "Agnès", "Leïla", "Maud", "Dominique", "Ghislaine", "Ramata",
	"Frédérique", "Sonia", "Cécile", "Elena", "Perrine", "Zohra", "Joëlle", "Amandine", "Ayşe", "Morgane",
	"Régine", "Nathalie", "Esther", "Mirela", "Bintou", "Maïwenn", "Charlotte", "Imane", "Pascale", "Claude",
}

var manNames = []string{
	"Nicolas", "Sébastien", "Karim", "Jérôme", "Mamadou", "Cédric", "Frédéric", "Rachid", "Benoît", "Guillaume",
	"Jean-François", "Abdoulaye", "Grégory", "Loïc", "Miguel", "Stéphane", "Hamid", "Rémi", "Duc", "Mickaël",
	"Thierry", "Ousmane", "Joël", "Piotr", "Fabrice", "Mehmet", "Aurélien", "Saïd", "Étienne", "Boubacar",
	"François-Xavier", "Ludovic", "Tarek", "Gaëtan", "Ravi", "Hervé", "Idrissa", "Matthieu", "Yann", "Dominique",
	"Régis", "João", "Vincent", "Farid", "Cyril", "Vasile", "Pierre-Yves", "Modou", "Arnaud", "Nordine",
	"Éric", "Kofi", "Damien", "Olivier", "Ahmet", "Maxime", "Tristan", "Lassana", "Emmanuel", "Claude",
}

var surnames = []string{
	"LEFÈVRE", "DIALLO", "MOREAU", "BENALI", "NGUYEN", "LE GOFF", "FERREIRA", "ROUSSEAU", "TRAORÉ", "GARNIER",
	"D'ALMEIDA", "KAYA", "BOUCHER", "EL AMRANI", "PETITJEAN", "N'DIAYE", "LEMOINE", "DA SILVA", "CHEVALIER", "BELKACEM",
	"KOWALCZYK", "MERCIER", "TRAN", "DE OLIVEIRA", "GUÉRIN", "CISSÉ", "HADDAD", "FOURNIER", "LE BIHAN", "SANTOS",
	"MARCHAND", "BENSAÏD", "DELACOURT", "KONÉ", "RIVIÈRE", "YILMAZ", "CLÉMENT", "O'BRIEN", "GAUTHIER", "MANSOURI",
	"PEREIRA", "LACROIX", "SOUMARÉ", "VAN DEN BERGHE", "BRUNET", "PHAM", "ARNOUX", "OUEDRAOGO", "LEROUX", "BEN YOUSSEF",
	"VIDAL", "KEITA", "SCHNEIDER", "RENAUDIN", "ABDALLAH", "TESSIER", "MARTINEZ", "DU PARC", "SIDIBÉ", "COLLIN",
	"POPESCU", "HAMIDI", "LEBRETON", "GOMES", "BARBIER", "SY", "PICARD", "AIT OUALI", "CARPENTIER", "RODRIGUES",
	"DE LA FONTENELLE", "BAMBA", "MEUNIER", "CHEN", "JOUBERT", "DEMIR", "RAMOS", "PRÉVOST", "TOURÉ", "LEGRAND-MASSÉ",
	"ZIDOUNI", "AUBERT", "LOPES", "MEYER", "NIANG", "FLEURY", "SINGH", "GUILLOU", "BOUZID", "PONS",
	"KABORÉ", "LAMBERT", "DE SOUZA", "HUBERT", "CAMARA", "ROLLAND", "MOUSSAOUI", "BÉRANGER", "IVANOVA", "NOËL",
	"GAILLARD", "ALVES", "SANOGO", "CORDIER", "LY", "PERROT", "CHAOUI", "BAILLY", "MENDES", "L'HERMITTE",
	"RAKOTO", "JACQUET", "DOUMBIA", "MAILLARD", "ÖZTÜRK", "BLANCHET", "NAIT SLIMANE", "ROYER", "ESTEVES", "LE ROY-DUVAL",
	"DIOP", "HERVIEU", "SAIDI", "LECLAIR", "FOFANA", "MULLER", "PAREDES", "ANDRIEU", "BA", "CARON",
	"TAHIRI", "WEISS", "GONÇALVES", "LEGER", "SISSOKO", "BERTIN", "HUANG", "DUPRÉ", "OUMAR", "POIRIER",
	"MBAYE", "TEXIER", "BRAHIMI", "NICOLAS", "COSTA", "GRONDIN", "PAYET", "HOARAU", "CHARPENTIER", "EBOUÉ-MARTIN",
	"STANKOVIC", "COUTURIER", "TEIXEIRA", "MAHÉ", "DRAMÉ", "BONNEFOY", "ALLAOUI", "LEVY", "HAMON", "SAVARY",
}
