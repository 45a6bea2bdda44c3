import type { Language } from '../../syncing/diagnosis.ts';
import type { Column } from './column-names.ts';
import type { FileFault, FileFaultCode } from './file-fault.ts';

type Words = Readonly<Record<FileFaultCode, string>>;

/** What each column is called where a fault names it. */
export const columnWords: Readonly<Record<Language, Readonly<Record<Column, string>>>> = {
  fr: {
    order: 'numéro de commande',
    account: 'compte vendeur',
    carrier: 'transporteur',
    carrierName: 'nom du transporteur',
    tracking: 'numéro de suivi',
    shippedAt: 'date d’expédition',
    lineId: 'identifiant de ligne de commande',
    sku: 'article (SKU)',
    quantity: 'quantité',
  },
  en: {
    order: 'order number',
    account: 'seller account',
    carrier: 'carrier',
    carrierName: 'carrier name',
    tracking: 'tracking number',
    shippedAt: 'ship date',
    lineId: 'order line id',
    sku: 'article (SKU)',
    quantity: 'quantity',
  },
};

const frenchArticles: Readonly<Record<Column, string>> = {
  order: 'le ',
  account: 'le ',
  carrier: 'le ',
  carrierName: 'le ',
  tracking: 'le ',
  shippedAt: 'la ',
  lineId: 'l’',
  sku: 'l’',
  quantity: 'la ',
};

/** The header of the column that a file of refused rows gains. */
export const reasonHeader: Readonly<Record<Language, string>> = { fr: 'Motif du refus', en: 'Reason for refusal' };

const fr: Words = {
  empty: 'Le fichier est vide. Vérifiez l’export, puis donnez-le de nouveau.',
  'too-large': 'Le fichier dépasse {limit} Mo. Découpez-le en plusieurs fichiers.',
  'too-many-rows': 'Le fichier dépasse {limit} lignes. Découpez-le en plusieurs fichiers.',
  'too-wide': 'Le fichier a trop de colonnes ({limit} au plus) ou trop de cellules. Gardez les colonnes utiles, ou découpez-le en plusieurs fichiers.',
  'row-too-long': 'La ligne {row} du fichier dépasse {limit} caractères. Un guillemet y est sans doute ouvert et jamais fermé.',
  'header-only': 'Le fichier a des titres de colonnes, mais aucune ligne en dessous.',
  'header-missing': 'La première ligne du fichier ne donne pas les titres des colonnes. Ajoutez une ligne de titres, par exemple : commande ; transporteur ; suivi.',
  'quote-open': 'Un guillemet s’ouvre vers la ligne {row} du fichier et cache les lignes qui suivent. Supprimez-le ou fermez-le, puis donnez le fichier de nouveau.',
  workbook: 'C’est un classeur (xlsx, xls, ods) ou une archive zip, pas un fichier CSV. Ouvrez-le dans votre tableur et enregistrez-le au format « CSV UTF-8 ».',
  pdf: 'C’est un document PDF, pas un fichier CSV. Demandez à votre transporteur l’export CSV.',
  'html-page': 'C’est une page web enregistrée sous un nom de fichier CSV : souvent une page de connexion expirée. Reconnectez-vous chez votre transporteur et téléchargez l’export de nouveau.',
  xml: 'C’est un fichier XML, pas un fichier CSV. Choisissez l’export CSV.',
  'rich-text': 'C’est un document de traitement de texte (RTF), pas un fichier CSV. Choisissez l’export CSV.',
  compressed: 'C’est un fichier compressé. Décompressez-le, puis donnez le fichier CSV qu’il contient.',
  'not-text': 'Ce n’est pas un fichier texte. Enregistrez-le au format « CSV UTF-8 ».',
  'encoding-mixed': 'Le fichier s’annonce en UTF-8 ou UTF-16, mais n’en est pas entièrement. Enregistrez-le au format « CSV UTF-8 ».',
  'encoding-unknown': 'L’encodage du fichier n’est ni UTF-8 ni Windows-1252 : ses accents seraient faux. Enregistrez-le au format « CSV UTF-8 ».',
  'json-array': 'Le fichier JSON est un tableau. Il faut un objet par ligne (JSON Lines), sans crochets autour.',
  'json-not-lines': 'La ligne {row} du fichier n’est pas un objet JSON complet. Il faut un objet par ligne (JSON Lines).',
  'column-missing': 'Aucune colonne ne donne {theColumn}. Colonnes du fichier : {found}. Indiquez celle qui le donne.',
  'carrier-not-named': 'Aucune colonne ne donne le transporteur. Colonnes du fichier : {found}. Indiquez celle qui le donne, ou nommez le transporteur de tout le fichier.',
  'column-ambiguous': 'Plusieurs colonnes peuvent donner {theColumn} : {found}. Indiquez laquelle.',
  'column-not-found': 'La colonne « {expected} », choisie pour {theColumn}, n’est pas dans le fichier. Colonnes du fichier : {found}.',
  'column-shared': 'La colonne « {found} » est choisie deux fois, entre autres pour {theColumn}. Choisissez une colonne pour chacun.',
  'quantity-without-line': 'La colonne « {found} » donne des quantités, mais aucune colonne ne dit de quel article. Indiquez la colonne de l’article, ou écartez celle des quantités.',
  'month-first-dates': 'Les dates du fichier sont écrites mois/jour/année (« {found} », ligne {row} du fichier) : d’autres seraient lues de travers. Écrivez-les jour/mois/année ou AAAA-MM-JJ.',
  'cells-too-many': 'La ligne a {found} cellules, les titres en ont {expected} : un séparateur s’est glissé dans une cellule. Mettez cette cellule entre guillemets.',
  'cells-too-few': 'La ligne a {found} cellules, les titres en ont {expected} : une cellule contient peut-être un retour à la ligne. Complétez la ligne.',
  'order-missing': 'Le numéro de commande manque. Répétez-le sur chaque ligne.',
  'account-missing': 'La commande « {found} » existe dans plusieurs comptes vendeurs du fichier. Indiquez le compte sur chaque ligne.',
  'too-long': 'La valeur « {found} » de la colonne {column} dépasse {limit} caractères. Vérifiez que c’est la bonne colonne.',
  'number-spoilt': '« {found} » a été abîmé par un tableur : les chiffres d’origine sont perdus. Reprenez l’export d’origine et importez la colonne {column} au format Texte.',
  'number-rounded': '« {found} » a été arrondi par un tableur, qui remplace par des zéros les chiffres après le quinzième. Reprenez l’export d’origine et importez la colonne {column} au format Texte.',
  'spreadsheet-error': '« {found} » est une erreur de formule de votre tableur, pas une valeur. Corrigez la colonne {column}.',
  'tracking-missing': 'Pas encore de numéro de suivi. Redonnez la ligne quand il sera connu ; si le colis part sans, écrivez « sans suivi » dans la cellule.',
  'tracking-malformed': '« {found} » n’est pas un numéro de suivi. Corrigez la cellule, ou écrivez « sans suivi ».',
  'tracking-several': 'Plusieurs numéros de suivi sont dans une cellule : « {found} ». Faites une ligne par colis.',
  'date-malformed': 'La date « {found} » n’est pas lisible. Écrivez-la jour/mois/année ou AAAA-MM-JJ.',
  'date-impossible': 'La date « {found} » n’existe pas. Corrigez-la.',
  'date-two-digit-year': 'L’année de « {found} » n’a que deux chiffres. Écrivez-la avec quatre.',
  'date-month-first': 'La date « {found} » est écrite mois/jour, les autres du fichier jour/mois. Corrigez-la.',
  'quantity-malformed': 'La quantité « {found} » n’est pas un nombre entier positif. Corrigez-la.',
  'quantity-ambiguous': 'La quantité « {found} » se lit de deux façons : en unités ou en milliers. Écrivez-la sans décimales ni séparateur.',
  'quantity-zero': 'La quantité est zéro : rien de cet article n’est parti. Redonnez la ligne quand il partira.',
  'quantity-missing': 'La quantité manque pour « {found} ». Indiquez combien il y en a dans ce colis.',
  'line-missing': 'Une quantité ({found}) est donnée sans dire de quel article. Indiquez l’article, ou effacez la quantité.',
  'lines-unknown': 'Les articles de cette commande ne sont pas connus ici : « {found} » ne peut pas y être retrouvé. Importez la commande, puis redonnez la ligne.',
  'sku-unknown': 'L’article « {found} » n’est pas dans cette commande, qui a : {expected}. Corrigez la référence.',
  'sku-ambiguous': 'L’article « {found} » figure sur plusieurs lignes de la commande. Indiquez l’identifiant de ligne.',
  'carriers-disagree': 'Un même colis a plusieurs transporteurs : {found}. Corrigez les lignes de ce colis.',
  'lines-disagree': 'Pour le colis « {found} », une ligne du fichier nomme un article et une autre non. Nommez l’article sur chacune, ou sur aucune.',
  'with-refused-row': 'La ligne {row} du fichier, de la même commande, est refusée : sans elle, l’expédition serait mal annoncée. Corrigez-la, puis redonnez les deux.',
  'json-malformed': 'La ligne n’est pas un objet JSON. Corrigez-la.',
  'json-shape': '« {found} » n’est pas attendu ici, manque, ou n’a pas la bonne forme. Consultez le format dans la documentation de l’API.',
  'state-differs': 'La ligne demande l’état « {found} », et le fichier est appliqué pour « {expected} ». Séparez les deux.',
};

const en: Words = {
  empty: 'The file is empty. Check the export and give it again.',
  'too-large': 'The file is larger than {limit} MB. Split it into several files.',
  'too-many-rows': 'The file has more than {limit} rows. Split it into several files.',
  'too-wide': 'The file has too many columns ({limit} at most) or too many cells. Keep the columns that are needed, or split it into several files.',
  'row-too-long': 'Row {row} is longer than {limit} characters. A quote is probably opened there and never closed.',
  'header-only': 'The file has column titles, but no row below them.',
  'header-missing': 'The first row of the file does not give the column titles. Add a row of titles, for example: order, carrier, tracking.',
  'quote-open': 'A quote opens near row {row} and hides the rows that follow. Remove or close it, and give the file again.',
  workbook: 'This is a workbook (xlsx, xls, ods) or a zip archive, not a CSV file. Open it in your spreadsheet and save it as “CSV UTF-8”.',
  pdf: 'This is a PDF document, not a CSV file. Ask your carrier for the CSV export.',
  'html-page': 'This is a web page saved under the name of a CSV file: often a login page that had expired. Sign in at your carrier again and download the export once more.',
  xml: 'This is an XML file, not a CSV file. Choose the CSV export.',
  'rich-text': 'This is a word processor’s document (RTF), not a CSV file. Choose the CSV export.',
  compressed: 'This is a compressed file. Unpack it, and give the CSV file inside.',
  'not-text': 'This is not a text file. Save it as “CSV UTF-8”.',
  'encoding-mixed': 'The file claims to be UTF-8 or UTF-16, but parts of it are not. Save it as “CSV UTF-8”.',
  'encoding-unknown': 'The file is neither UTF-8 nor Windows-1252: its accents would be wrong. Save it as “CSV UTF-8”.',
  'json-array': 'The JSON file is an array. One object per line is needed (JSON Lines), without brackets around.',
  'json-not-lines': 'Line {row} is not a whole JSON object. One object per line is needed (JSON Lines).',
  'column-missing': 'No column gives {theColumn}. Columns of the file: {found}. Name the one that gives it.',
  'carrier-not-named': 'No column gives the carrier. Columns of the file: {found}. Name the one that gives it, or the carrier of the whole file.',
  'column-ambiguous': 'Several columns could give {theColumn}: {found}. Say which one does.',
  'column-not-found': 'The column “{expected}”, chosen for {theColumn}, is not in the file. Columns of the file: {found}.',
  'column-shared': 'The column “{found}” is chosen twice, once for {theColumn}. Choose one column for each.',
  'quantity-without-line': 'The column “{found}” gives quantities, but no column says of which article. Name the article’s column, or set the quantities aside.',
  'month-first-dates': 'The dates of the file are written month/day/year (“{found}”, row {row}): others would be read wrongly. Write them day/month/year or YYYY-MM-DD.',
  'cells-too-many': 'The row has {found} cells, the titles have {expected}: a separator slipped into a cell. Put that cell in quotes.',
  'cells-too-few': 'The row has {found} cells, the titles have {expected}: a cell may contain a line break. Complete the row.',
  'order-missing': 'The order number is missing. Repeat it on each row.',
  'account-missing': 'The order “{found}” is in several seller accounts of the file. Name the account on each row.',
  'too-long': 'The value “{found}” in the column {column} is longer than {limit} characters. Check that it is the right column.',
  'number-spoilt': '“{found}” was spoilt by a spreadsheet: the original digits are lost. Take the original export and import the column {column} as text.',
  'number-rounded': '“{found}” was rounded by a spreadsheet, which puts zeros for the digits after the fifteenth. Take the original export and import the column {column} as text.',
  'spreadsheet-error': '“{found}” is a formula error of your spreadsheet, not a value. Correct the column {column}.',
  'tracking-missing': 'No tracking number yet. Give the row again when it is known; if the parcel goes without one, write “untracked” in the cell.',
  'tracking-malformed': '“{found}” is not a tracking number. Correct the cell, or write “untracked”.',
  'tracking-several': 'Several tracking numbers are in one cell: “{found}”. Make one row for each parcel.',
  'date-malformed': 'The date “{found}” cannot be read. Write it day/month/year or YYYY-MM-DD.',
  'date-impossible': 'The date “{found}” does not exist. Correct it.',
  'date-two-digit-year': 'The year of “{found}” has two digits only. Write it with four.',
  'date-month-first': 'The date “{found}” is written month/day, the others of the file day/month. Correct it.',
  'quantity-malformed': 'The quantity “{found}” is not a positive whole number. Correct it.',
  'quantity-ambiguous': 'The quantity “{found}” can be read in two ways: units or thousands. Write it without decimals or separator.',
  'quantity-zero': 'The quantity is zero: nothing of this article has left. Give the row again when it leaves.',
  'quantity-missing': 'The quantity of “{found}” is missing. Say how many are in this parcel.',
  'line-missing': 'A quantity ({found}) is given without saying of which article. Name the article, or clear the quantity.',
  'lines-unknown': 'The articles of this order are not known here: “{found}” cannot be found among them. Import the order, then give the row again.',
  'sku-unknown': 'The article “{found}” is not in this order, which has: {expected}. Correct the reference.',
  'sku-ambiguous': 'The article “{found}” is on several lines of the order. Give the order line id.',
  'carriers-disagree': 'One parcel has several carriers: {found}. Correct the rows of this parcel.',
  'lines-disagree': 'For the parcel “{found}”, one row names an article and another does not. Name the article on each of them, or on none.',
  'with-refused-row': 'Row {row}, of the same order, is refused: without it the dispatch would be told wrongly. Correct it, then give both again.',
  'json-malformed': 'The line is not a JSON object. Correct it.',
  'json-shape': '“{found}” is not expected here, is missing, or has the wrong form. See the format in the API’s documentation.',
  'state-differs': 'The line asks for the state “{found}”, and the file is applied for “{expected}”. Separate the two.',
};

const all: Readonly<Record<Language, Words>> = { fr, en };
// Making one takes longer than all the rest of a sentence.
const numbers: Readonly<Record<Language, Intl.NumberFormat>> = { fr: new Intl.NumberFormat('fr'), en: new Intl.NumberFormat('en') };

/** A fault of a file in words: what is wrong and what to do. */
export function fileFaultWords(fault: FileFault, language: Language): string {
  const { code, column, found = '', expected = '', row, limit } = fault;
  const values: Readonly<Record<string, string>> = {
    column: column === undefined ? '' : columnWords[language][column],
    theColumn: column === undefined ? '' : `${language === 'fr' ? frenchArticles[column] : 'the '}${columnWords[language][column]}`,
    found,
    expected,
    row: row === undefined ? '?' : String(row),
    limit: limit === undefined ? '?' : numbers[language].format(limit),
  };
  const template = all[language][code];
  return (language === 'fr' ? spaced(template) : template).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** French typography: no line breaks before a colon or inside quotes, and narrow spaces before the other double signs. */
function spaced(text: string): string {
  return text.replace(/ (?=[:»])|(?<=«) /g, '\u00a0').replace(/ (?=[;!?])/g, '\u202f');
}
