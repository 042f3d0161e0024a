export const FIRST_NAMES = [
  'Anna',
  'Bruno',
  'Chloe',
  'David',
  'Elena',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Karin',
  'Liam',
  'Mara',
  'Nadia',
  'Otto',
  'Paula',
  'Quentin',
  'Rosa',
  'Simon',
  'Tanja',
  'Ugo',
  'Vera',
  'Wim',
  'Yara',
] as const
export const LAST_NAMES = [
  'Albrecht',
  'Bianchi',
  'Castro',
  'Dubois',
  'Ekström',
  'Fischer',
  'García',
  'Hansen',
  'Ivanova',
  'Jansen',
  'Keller',
  'Lindqvist',
  'Moreau',
  'Novak',
  'Oliveira',
  'Petit',
  'Rossi',
  'Schäfer',
  'Thomsen',
  'Urban',
  'Vogel',
  'Weber',
  'Young',
  'Zimmermann',
] as const
export const STEMS = [
  'Alpen',
  'Baltic',
  'Cobalt',
  'Delta',
  'Elbe',
  'Falcon',
  'Granit',
  'Harbour',
  'Iris',
  'Juno',
  'Kestrel',
  'Lumen',
  'Meridian',
  'Nord',
  'Orion',
  'Polar',
  'Quartz',
  'Rhein',
  'Silber',
  'Tauern',
  'Umbra',
  'Vista',
  'Weser',
  'Zenit',
] as const
export const TRADES = [
  'Automation',
  'Bau',
  'Chemie',
  'Dairy',
  'Energy',
  'Foods',
  'Glas',
  'Hydraulics',
  'Instruments',
  'Kunststoff',
  'Logistics',
  'Maschinenbau',
  'Metall',
  'Packaging',
  'Pharma',
  'Prints',
  'Robotics',
  'Stahl',
  'Systems',
  'Textil',
  'Tools',
  'Valves',
  'Water',
  'Works',
] as const
export const FORMS: Readonly<Record<string, readonly string[]>> = {
  Germany: ['GmbH', 'AG', 'KG'],
  Austria: ['GmbH'],
  Netherlands: ['B.V.'],
  France: ['SAS', 'SARL'],
  Italy: ['S.r.l.', 'S.p.A.'],
  'United States': ['Inc.', 'LLC', 'Corp.'],
}
export const PLACES: readonly {
  readonly country: string
  readonly region: string
  readonly cities: readonly string[]
  readonly weight: number
}[] = [
  { country: 'Germany', region: 'Central', cities: ['Hamburg', 'Köln', 'München', 'Leipzig', 'Stuttgart'], weight: 45 },
  { country: 'Austria', region: 'Central', cities: ['Graz', 'Linz', 'Wien'], weight: 12 },
  { country: 'Netherlands', region: 'West', cities: ['Eindhoven', 'Utrecht'], weight: 14 },
  { country: 'France', region: 'West', cities: ['Lyon', 'Nantes', 'Lille'], weight: 16 },
  { country: 'Italy', region: 'South', cities: ['Torino', 'Bologna'], weight: 13 },
]
export const ABROAD = { country: 'United States', region: 'Overseas', cities: ['Cleveland', 'Houston', 'Milwaukee'] } as const
export const INDUSTRIES = [
  'Machinery',
  'Chemicals',
  'Food Production',
  'Utilities',
  'Construction',
  'Pharmaceuticals',
  'Logistics and Supply Chain',
  'Automotive',
] as const
export const TITLES = [
  'Head of Purchasing',
  'Buyer',
  'Plant Manager',
  'Maintenance Lead',
  'Quality Manager',
  'Lab Technician',
  'Managing Director',
  'Controller',
] as const
export const SOURCES = ['Trade fair', 'Referral', 'Website', 'Cold call', 'Partner'] as const
export const REASONS = ['Price', 'Switched to a competitor', 'Site closed', 'Service quality', 'No longer needed'] as const

/** Letters that an address may hold. */
export const slug = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
