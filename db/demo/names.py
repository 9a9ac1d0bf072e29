"""Names of made-up people as in Dhaka: Bengali, with a Latin spelling for e-mail addresses and for English."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize

Name = tuple[str, str]  # Bengali, Latin


@dataclass(frozen=True, slots=True)
class Community:
    """The names of a community, and how its people are greeted and addressed."""

    share: float
    women: tuple[Name, ...]
    men: tuple[Name, ...]
    family_of_women: tuple[Name, ...]
    family_of_men: tuple[Name, ...]
    greeting: str  # chosen by `greeting_share` of them; the others have the default
    greeting_share: float
    kin_of_women: str
    kin_of_men: str


def names(text: str) -> tuple[Name, ...]:
    """`বাংলা Latin, …` as pairs, in normal form C."""
    pairs = []
    for entry in normalize("NFC", text).replace("\n", " ").split(","):
        bengali = " ".join(word for word in entry.split() if not word.isascii())
        latin = " ".join(word for word in entry.split() if word.isascii())
        pairs.append((bengali, latin))
    return tuple(pairs)


MUSLIM = Community(
    share=0.875,
    women=names("""রহিমা Rahima, ফাতেমা Fatema, আয়েশা Ayesha, সালমা Salma, নাসরিন Nasrin, শারমিন Sharmin, তাসলিমা Taslima,
        রোকেয়া Rokeya, নাজমা Nazma, শাহানা Shahana, মরিয়ম Moriom, জান্নাতুল Jannatul, সাদিয়া Sadia, তানিয়া Tania,
        ফারজানা Farzana, নুসরাত Nusrat, সুমাইয়া Sumaiya, মাহমুদা Mahmuda, রেহানা Rehana, শামীমা Shamima, লায়লা Laila,
        ইশরাত Ishrat, তাহমিনা Tahmina, রুমানা Rumana, আফরোজা Afroza, নিলুফা Nilufa, মৌসুমী Mousumi, সাবিনা Sabina,
        জেসমিন Jesmin, রাবেয়া Rabeya, কানিজ Kaniz, সুরাইয়া Suraiya, হালিমা Halima, শিরিন Shirin, দিলরুবা Dilruba"""),
    men=names("""রফিকুল Rafiqul, শফিকুল Shafiqul, আমিনুল Aminul, জহিরুল Zahirul, মাহবুবুর Mahbubur, মিজানুর Mizanur,
        হাবিবুর Habibur, সাইফুল Saiful, তরিকুল Tariqul, কামরুল Kamrul, আরিফুল Ariful, রাশেদ Rashed, ফারুক Faruk, জাহিদ Zahid,
        নাঈম Nayeem, সজীব Sajib, ইমরান Imran, তানভীর Tanvir, শাকিল Shakil, রাকিব Rakib, মেহেদী Mehedi, আশিক Ashik,
        রায়হান Rayhan, ফয়সাল Faisal, মাসুদ Masud, সোহেল Sohel, রুবেল Rubel, জুয়েল Jewel, আনোয়ার Anwar, দেলোয়ার Delwar,
        মোস্তাফিজুর Mostafizur, ইকবাল Iqbal, নাজমুল Nazmul, আবদুল্লাহ Abdullah, শাহীন Shahin"""),
    family_of_women=names("""আক্তার Akter, বেগম Begum, খাতুন Khatun, সুলতানা Sultana, পারভীন Parvin, ইয়াসমিন Yasmin, জাহান Jahan,
        রহমান Rahman, ইসলাম Islam, চৌধুরী Chowdhury, খানম Khanam, আহমেদ Ahmed, হক Haque, ফেরদৌস Ferdous"""),
    family_of_men=names("""ইসলাম Islam, রহমান Rahman, হোসেন Hossain, আহমেদ Ahmed, হাসান Hasan, আলম Alam, উদ্দিন Uddin,
        খান Khan, চৌধুরী Chowdhury, মিয়া Mia, সরকার Sarker, মোল্লা Molla, শেখ Sheikh, তালুকদার Talukder, ভূঁইয়া Bhuiyan,
        সিকদার Sikder"""),
    greeting="assalamu_alaikum",
    greeting_share=0.55,
    kin_of_women="apa",
    kin_of_men="bhai",
)

HINDU = Community(
    share=0.095,
    women=names("""সুমিত্রা Sumitra, শিল্পী Shilpi, রীতা Rita, মিতালী Mitali, পূজা Puja, অর্পিতা Arpita, সুস্মিতা Susmita,
        লক্ষ্মী Lakshmi, দীপা Dipa, শ্যামলী Shyamoli, প্রিয়াঙ্কা Priyanka, স্বপ্না Swapna, কাকলী Kakoli, তৃপ্তি Tripti"""),
    men=names("""সুমন Sumon, রাজীব Rajib, অমিত Amit, প্রদীপ Pradip, সুজন Sujon, বিপ্লব Biplob, তাপস Tapas, উত্তম Uttam,
        গৌতম Goutam, শ্যামল Shyamal, দীপক Dipak, সঞ্জয় Sanjoy, জয়ন্ত Jayanta, পলাশ Palash, নারায়ণ Narayan"""),
    family_of_women=names("""সাহা Saha, দাস Das, রায় Roy, ঘোষ Ghosh, পাল Paul, চক্রবর্তী Chakraborty, মণ্ডল Mondal,
        বিশ্বাস Biswas, দত্ত Dutta, কর্মকার Karmakar, নাথ Nath, রাণী Rani"""),
    family_of_men=names("""সাহা Saha, দাস Das, রায় Roy, ঘোষ Ghosh, পাল Paul, দেব Deb, চক্রবর্তী Chakraborty, মণ্ডল Mondal,
        বিশ্বাস Biswas, দত্ত Dutta, কর্মকার Karmakar, শীল Shil, নাথ Nath"""),
    greeting="nomoskar",
    greeting_share=0.6,
    kin_of_women="didi",
    kin_of_men="dada",
)

CHRISTIAN = Community(
    share=0.015,
    women=names("মেরি Mary, রোজ Rose, তেরেসা Teresa, আগ্নেস Agnes, লিনা Lina, মার্থা Martha, এলিজা Eliza"),
    men=names("জন John, পিটার Peter, মাইকেল Michael, ডেভিড David, রোনাল্ড Ronald, জেমস James, টমাস Thomas"),
    family_of_women=names("গোমেজ Gomes, রোজারিও Rozario, কস্তা Costa, রিবেরু Rebeiro, পালমা Palma"),
    family_of_men=names("গোমেজ Gomes, রোজারিও Rozario, কস্তা Costa, রিবেরু Rebeiro, পালমা Palma"),
    greeting="shubheccha",
    greeting_share=1.0,
    kin_of_women="none",
    kin_of_men="none",
)

BUDDHIST = Community(
    share=0.015,
    women=names("সুপ্তি Supti, মাধবী Madhobi, চন্দ্রা Chandra, শিপ্রা Shipra, উমা Uma, অনিন্দিতা Anindita"),
    men=names("সুদীপ্ত Sudipta, প্রীতম Pritom, রাহুল Rahul, অভিজিৎ Avijit, রূপায়ণ Rupayan, সুগত Sugata"),
    family_of_women=names("বড়ুয়া Barua, চাকমা Chakma, মারমা Marma, মুৎসুদ্দী Mutsuddi"),
    family_of_men=names("বড়ুয়া Barua, চাকমা Chakma, মারমা Marma, মুৎসুদ্দী Mutsuddi"),
    greeting="shubheccha",
    greeting_share=1.0,
    kin_of_women="didi",
    kin_of_men="dada",
)

COMMUNITIES = (MUSLIM, HINDU, CHRISTIAN, BUDDHIST)
