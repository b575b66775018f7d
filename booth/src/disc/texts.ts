/** What the page says, in six languages. Short and plain: who reads it may have nothing but the disc. */
import type { Verdict } from './verify.ts';

export interface Texts {
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** What `Intl` knows its digits as. */
  readonly numbers: string;
  readonly language: string;
  readonly title: string;
  readonly intro: string;
  readonly forged: string;
  readonly trust: string;
  readonly slip: string;
  readonly pick: string;
  readonly reading: string;
  readonly own: string;
  readonly ownWhat: string;
  readonly edition: string;
  readonly files: string;
  readonly changed: string;
  readonly extra: string;
  readonly missing: string;
  readonly leftBehind: string;
  readonly more: string;
  readonly verdicts: Record<Verdict, readonly [string, string]>;
  readonly signatures: Record<'trusted' | 'follows' | 'compare' | 'unknown' | 'refused', string>;
}

const en: Texts = {
  name: 'English',
  dir: 'ltr',
  numbers: 'en-GB',
  language: 'Language',
  title: 'Check a disc',
  intro: 'This page compares the files of a disc or stick with what was signed. It works without a network and sends nothing. If the browser speaks of uploading, it only means that this page may read the files.',
  forged:
    'If this page itself is forged, what it says means nothing. Check a new disc with the VERIFY.html of an old one, and compare the twelve words with those that you got another way: in print, on the radio, from someone you know.',
  trust: 'The twelve words, or 40 digits, that you got another way (may stay empty)',
  slip: 'These are not twelve words of the list, or 40 digits.',
  pick: 'Choose the folder of the disc',
  reading: 'Reading the files …',
  own: 'Keys that this page trusts',
  ownWhat: 'They were written into it when it was made. Compare their words, too.',
  edition: 'Edition {n} of {date}',
  files: 'Files compared: {n}',
  changed: 'Changed, or unreadable',
  extra: 'Not signed by anybody',
  missing: 'Missing',
  leftBehind: 'Left by the computer, not checked',
  more: 'and {n} more',
  verdicts: {
    good: ['Good', 'All files are here and are as they were signed. There is nothing else.'],
    incomplete: ['Incomplete', 'What is here is as it was signed. Some files are missing: this is a part of the edition.'],
    unconfirmed: ['Not confirmed', 'The files fit together, but no key that you trust has signed them. Anybody could have made this. Compare the words below.'],
    bad: ['Bad', 'This is not what was signed. Do not trust it, and do not hand it on.'],
  },
  signatures: {
    trusted: 'Signed with a key that you trust.',
    follows: 'Signed with a key that follows one that you trust. Each of these keys has signed the next one:',
    compare: 'Signed with this key. Is it the right one? Compare the words, each of them:',
    unknown: 'Signed with a key that is not here: says nothing.',
    refused: 'This signature does not hold.',
  },
};

const az: Texts = {
  name: 'Azərbaycanca',
  dir: 'ltr',
  numbers: 'tr',
  language: 'Dil',
  title: 'Diski yoxlayın',
  intro: 'Bu səhifə diskdəki və ya yaddaş çubuğundakı faylları imzalanmış olanlarla tutuşdurur. Şəbəkəsiz işləyir, heç nə göndərmir. Brauzer yükləmədən danışırsa, bu yalnız o deməkdir ki, səhifə faylları oxuya bilər.',
  forged:
    'Bu səhifənin özü saxtadırsa, dediklərinin mənası yoxdur. Yeni diski köhnə diskin VERIFY.html səhifəsi ilə yoxlayın və on iki sözü başqa yolla aldığınız sözlərlə tutuşdurun: çapdan, radiodan, tanıdığınız adamdan.',
  trust: 'Başqa yolla aldığınız on iki söz və ya 40 rəqəm (boş qala bilər)',
  slip: 'Bunlar siyahıdakı on iki söz və ya 40 rəqəm deyil.',
  pick: 'Diskin qovluğunu seçin',
  reading: 'Fayllar oxunur …',
  own: 'Bu səhifənin etibar etdiyi açarlar',
  ownWhat: 'Onlar səhifə hazırlananda ona yazılıb. Onların da sözlərini tutuşdurun.',
  edition: '{n} nömrəli buraxılış, {date}',
  files: 'Tutuşdurulan fayllar: {n}',
  changed: 'Dəyişdirilib və ya oxunmur',
  extra: 'Heç kim imzalamayıb',
  missing: 'Çatışmır',
  leftBehind: 'Kompüterin qoyduğu, yoxlanmayıb',
  more: 'və daha {n}',
  verdicts: {
    good: ['Düzgündür', 'Bütün fayllar buradadır və imzalandığı kimidir. Başqa heç nə yoxdur.'],
    incomplete: ['Natamamdır', 'Burada olanlar imzalandığı kimidir. Bəzi fayllar çatışmır: bu, buraxılışın bir hissəsidir.'],
    unconfirmed: ['Təsdiqlənməyib', 'Fayllar bir-birinə uyğundur, amma etibar etdiyiniz heç bir açar onları imzalamayıb. Bunu hər kəs düzəldə bilərdi. Aşağıdakı sözləri tutuşdurun.'],
    bad: ['Düzgün deyil', 'Bu, imzalanmış olan deyil. Ona etibar etməyin və başqasına verməyin.'],
  },
  signatures: {
    trusted: 'Etibar etdiyiniz açarla imzalanıb.',
    follows: 'Etibar etdiyiniz açarın davamı olan açarla imzalanıb. Bu açarların hər biri növbətisini imzalayıb:',
    compare: 'Bu açarla imzalanıb. Doğru açardırmı? Sözlərin hər birini tutuşdurun:',
    unknown: 'Burada olmayan açarla imzalanıb: heç nə demir.',
    refused: 'Bu imza düzgün deyil.',
  },
};

const azb: Texts = {
  name: 'تۆرکجه',
  dir: 'rtl',
  numbers: 'fa',
  language: 'دیل',
  title: 'دیسکی یوخلایین',
  intro: 'بو صفحه دیسکده‌کی و یا یادداش چوبوغونداکی فایل‌لاری ایمضالانمیش اولانلارلا توتوشدورور. شبکه‌سیز ایشله‌ییر، هئچ نه گؤندرمیر. براوزر یوکله‌مکدن دانیشسا، بو تکجه او دئمک‌دیر کی، صفحه فایل‌لاری اوخویا بیلر.',
  forged:
    'بو صفحه‌نین اؤزو ساختا اولسا، دئدیک‌لرینین معناسی یوخدور. یئنی دیسکی کؤهنه دیسکین VERIFY.html صفحه‌سی ایله یوخلایین و اون ایکی سؤزو باشقا یول ایله آلدیغینیز سؤزلرله توتوشدورون: چاپدان، رادیودان، تانیدیغینیز آدامدان.',
  trust: 'باشقا یول ایله آلدیغینیز اون ایکی سؤز و یا ۴۰ رقم (بوش قالا بیلر)',
  slip: 'بونلار سیاهی‌داکی اون ایکی سؤز و یا ۴۰ رقم دئییل.',
  pick: 'دیسکین قوولوغونو سئچین',
  reading: 'فایل‌لار اوخونور …',
  own: 'بو صفحه‌نین اعتبار ائتدیگی آچارلار',
  ownWhat: 'اونلار صفحه حاضیرلاناندا اونا یازیلیب. اونلارین دا سؤزلرینی توتوشدورون.',
  edition: '{n} نؤمره‌لی بوراخیلیش، {date}',
  files: 'توتوشدورولان فایل‌لار: {n}',
  changed: 'دَییشدیریلیب و یا اوخونمور',
  extra: 'هئچ کیم ایمضالاماییب',
  missing: 'چاتیشمیر',
  leftBehind: 'کامپیوترین قویدوغو، یوخلانماییب',
  more: 'و داها {n}',
  verdicts: {
    good: ['دوزگوندور', 'بوتون فایل‌لار بورادادیر و ایمضالاندیغی کیمی‌دیر. باشقا هئچ نه یوخدور.'],
    incomplete: ['ناتامامدیر', 'بورادا اولانلار ایمضالاندیغی کیمی‌دیر. بعضی فایل‌لار چاتیشمیر: بو، بوراخیلیشین بیر حیصه‌سی‌دیر.'],
    unconfirmed: ['تصدیق‌لنمه‌ییب', 'فایل‌لار بیر-بیرینه اویغوندور، آمما اعتبار ائتدیگینیز هئچ بیر آچار اونلاری ایمضالاماییب. بونو هر کس دوزلده بیلردی. آشاغیداکی سؤزلری توتوشدورون.'],
    bad: ['دوزگون دئییل', 'بو، ایمضالانمیش اولان دئییل. اونا اعتبار ائتمه‌یین و باشقاسینا وئرمه‌یین.'],
  },
  signatures: {
    trusted: 'اعتبار ائتدیگینیز آچارلا ایمضالانیب.',
    follows: 'اعتبار ائتدیگینیز آچارین داوامی اولان آچارلا ایمضالانیب. بو آچارلارین هر بیری نؤوبه‌تیسینی ایمضالاییب:',
    compare: 'بو آچارلا ایمضالانیب. دوغرو آچاردیرمی؟ سؤزلرین هر بیرینی توتوشدورون:',
    unknown: 'بورادا اولمایان آچارلا ایمضالانیب: هئچ نه دئمیر.',
    refused: 'بو ایمضا دوزگون دئییل.',
  },
};

const fa: Texts = {
  name: 'فارسی',
  dir: 'rtl',
  numbers: 'fa',
  language: 'زبان',
  title: 'دیسک را وارسی کنید',
  intro: 'این صفحه پرونده‌های دیسک یا حافظهٔ همراه را با آنچه امضا شده است می‌سنجد. بی‌شبکه کار می‌کند و چیزی نمی‌فرستد. اگر مرورگر از بارگذاری سخن گفت، تنها یعنی این صفحه می‌تواند پرونده‌ها را بخواند.',
  forged:
    'اگر خود این صفحه جعلی باشد، آنچه می‌گوید بی‌معناست. دیسک نو را با VERIFY.html دیسکی قدیمی وارسی کنید و دوازده واژه را با واژه‌هایی بسنجید که از راه دیگری به شما رسیده است: چاپی، از رادیو، از کسی که می‌شناسید.',
  trust: 'دوازده واژه یا ۴۰ رقمی که از راه دیگری به شما رسیده است (می‌تواند خالی بماند)',
  slip: 'این‌ها دوازده واژهٔ فهرست یا ۴۰ رقم نیست.',
  pick: 'پوشهٔ دیسک را برگزینید',
  reading: 'پرونده‌ها خوانده می‌شود …',
  own: 'کلیدهایی که این صفحه به آن‌ها اعتماد دارد',
  ownWhat: 'هنگام ساختن صفحه در آن نوشته شده‌اند. واژه‌های آن‌ها را هم بسنجید.',
  edition: 'نشر شمارهٔ {n}، {date}',
  files: 'پرونده‌های سنجیده: {n}',
  changed: 'تغییریافته یا ناخوانا',
  extra: 'بی‌امضای هیچ‌کس',
  missing: 'گم‌شده',
  leftBehind: 'به‌جامانده از رایانه، وارسی نشده',
  more: 'و {n} تای دیگر',
  verdicts: {
    good: ['درست', 'همهٔ پرونده‌ها هست و همان است که امضا شده. چیز دیگری نیست.'],
    incomplete: ['ناقص', 'آنچه هست همان است که امضا شده. برخی پرونده‌ها نیست: این بخشی از نشر است.'],
    unconfirmed: ['تأییدنشده', 'پرونده‌ها با هم می‌خوانند، اما هیچ کلیدی که به آن اعتماد دارید امضایشان نکرده است. هر کسی می‌توانست این را بسازد. واژه‌های زیر را بسنجید.'],
    bad: ['نادرست', 'این آن چیزی نیست که امضا شده است. به آن اعتماد نکنید و به دیگری ندهید.'],
  },
  signatures: {
    trusted: 'با کلیدی امضا شده که به آن اعتماد دارید.',
    follows: 'با کلیدی امضا شده که جانشین کلید مورد اعتماد شماست. هر یک از این کلیدها کلید بعدی را امضا کرده است:',
    compare: 'با این کلید امضا شده است. آیا کلید درست است؟ یک‌یک واژه‌ها را بسنجید:',
    unknown: 'با کلیدی امضا شده که این‌جا نیست: چیزی نمی‌گوید.',
    refused: 'این امضا درست نیست.',
  },
};

const ar: Texts = {
  name: 'العربية',
  dir: 'rtl',
  numbers: 'ar-u-nu-latn',
  language: 'اللغة',
  title: 'تحقّق من قرص',
  intro: 'تقارن هذه الصفحة ملفات القرص أو الذاكرة بما وُقِّع. تعمل بلا شبكة ولا ترسل شيئًا. إن تحدّث المتصفح عن رفع الملفات فالمقصود فقط أن هذه الصفحة تستطيع قراءتها.',
  forged:
    'إن كانت هذه الصفحة نفسها مزوّرة فلا معنى لما تقوله. تحقّق من القرص الجديد بصفحة VERIFY.html من قرص قديم، وقارن الكلمات الاثنتي عشرة بما وصلك من طريق آخر: مطبوعًا أو من الإذاعة أو ممّن تعرفه.',
  trust: 'الكلمات الاثنتا عشرة أو الأرقام الأربعون التي وصلتك من طريق آخر (يمكن تركها فارغة)',
  slip: 'ليست هذه اثنتي عشرة كلمة من القائمة ولا 40 رقمًا.',
  pick: 'اختر مجلد القرص',
  reading: 'تُقرأ الملفات …',
  own: 'المفاتيح التي تثق بها هذه الصفحة',
  ownWhat: 'كُتبت فيها عند صنعها. قارن كلماتها أيضًا.',
  edition: 'الإصدار {n} بتاريخ {date}',
  files: 'عدد الملفات التي قورنت: {n}',
  changed: 'مُغيَّر أو لا يُقرأ',
  extra: 'لم يوقّعه أحد',
  missing: 'ناقص',
  leftBehind: 'تركه الحاسوب ولم يُفحص',
  more: 'و{n} غيرها',
  verdicts: {
    good: ['سليم', 'كل الملفات هنا وهي كما وُقِّعت. ولا شيء غيرها.'],
    incomplete: ['غير كامل', 'ما هو هنا كما وُقِّع. بعض الملفات ناقصة: هذا جزء من الإصدار.'],
    unconfirmed: ['غير مؤكَّد', 'الملفات متوافقة، لكن لم يوقّعها أي مفتاح تثق به. يمكن لأي شخص أن يصنع هذا. قارن الكلمات أدناه.'],
    bad: ['غير سليم', 'ليس هذا ما وُقِّع. لا تثق به ولا تعطه لغيرك.'],
  },
  signatures: {
    trusted: 'موقَّع بمفتاح تثق به.',
    follows: 'موقَّع بمفتاح يخلف مفتاحًا تثق به. كل مفتاح من هذه وقّع الذي يليه:',
    compare: 'موقَّع بهذا المفتاح. أهو المفتاح الصحيح؟ قارن الكلمات كلمةً كلمة:',
    unknown: 'موقَّع بمفتاح ليس هنا: لا يدلّ على شيء.',
    refused: 'هذا التوقيع غير صحيح.',
  },
};

const tr: Texts = {
  name: 'Türkçe',
  dir: 'ltr',
  numbers: 'tr',
  language: 'Dil',
  title: 'Bir diski denetleyin',
  intro: 'Bu sayfa diskteki veya bellekteki dosyaları imzalanmış olanlarla karşılaştırır. Ağ olmadan çalışır, hiçbir şey göndermez. Tarayıcı yüklemeden söz ederse bu yalnızca sayfanın dosyaları okuyabileceği anlamına gelir.',
  forged:
    'Bu sayfanın kendisi sahteyse söylediklerinin anlamı yoktur. Yeni diski eski bir diskin VERIFY.html sayfasıyla denetleyin ve on iki sözcüğü başka bir yoldan edindiklerinizle karşılaştırın: basılı olarak, radyodan, tanıdığınız birinden.',
  trust: 'Başka bir yoldan edindiğiniz on iki sözcük veya 40 rakam (boş kalabilir)',
  slip: 'Bunlar listedeki on iki sözcük veya 40 rakam değil.',
  pick: 'Diskin klasörünü seçin',
  reading: 'Dosyalar okunuyor …',
  own: 'Bu sayfanın güvendiği anahtarlar',
  ownWhat: 'Sayfa hazırlanırken içine yazıldılar. Onların sözcüklerini de karşılaştırın.',
  edition: '{n} numaralı baskı, {date}',
  files: 'Karşılaştırılan dosyalar: {n}',
  changed: 'Değişmiş veya okunamıyor',
  extra: 'Kimse imzalamamış',
  missing: 'Eksik',
  leftBehind: 'Bilgisayarın bıraktığı, denetlenmedi',
  more: 've {n} tane daha',
  verdicts: {
    good: ['Sağlam', 'Bütün dosyalar burada ve imzalandığı gibi. Başka bir şey yok.'],
    incomplete: ['Eksik', 'Burada olanlar imzalandığı gibi. Bazı dosyalar eksik: bu, baskının bir parçası.'],
    unconfirmed: ['Doğrulanmadı', 'Dosyalar birbirine uyuyor, ama güvendiğiniz hiçbir anahtar onları imzalamamış. Bunu herkes hazırlayabilirdi. Aşağıdaki sözcükleri karşılaştırın.'],
    bad: ['Bozuk', 'Bu, imzalanmış olan değil. Ona güvenmeyin ve başkasına vermeyin.'],
  },
  signatures: {
    trusted: 'Güvendiğiniz bir anahtarla imzalanmış.',
    follows: 'Güvendiğiniz bir anahtarın ardından gelen anahtarla imzalanmış. Bu anahtarların her biri sonrakini imzalamış:',
    compare: 'Bu anahtarla imzalanmış. Doğru anahtar mı? Sözcüklerin her birini karşılaştırın:',
    unknown: 'Burada olmayan bir anahtarla imzalanmış: bir şey söylemez.',
    refused: 'Bu imza geçerli değil.',
  },
};

export const TEXTS: Readonly<Record<string, Texts>> = { en, az, azb, fa, ar, tr };
