// Canals, straits and ice as data: long because every gate is a table of its own.
#include "libgeo/logistics/sea_lanes.h"

namespace lode {

std::string_view built_in_sea_gates_text() {
  return R"toml(# Canals, straits, rivers and ice that Lode knows of when it routes over the water.
# canal = true: a fairway along which ships pass where the map leaves no water; else a bar across
# the water, and whatever crosses it passes the gate. Several gates may share a name.
# Places are from general knowledge of the charts, good to a few kilometres; bars end inland.
# Tolls are US dollars a tonne for a loaded bulk ship of about 40,000 t, an order of magnitude from
# general knowledge (2024): about 200,000 USD a passage. Draughts: the authority named.
# Shut unless asked for (closed = true): what only shortens a way and is barred by ice for more than
# half of the year, or too shallow for such a ship (10.7 m): the Arctic passages, Belle Isle, Kiel,
# Corinth, Cape Cod, Chesapeake and Delaware, Canso, Adam's Bridge, Isanotski; and the rims of shoals
# that charts warn of: Bahama Banks, Dangerous Ground.

[[gates]]
name = "Suez"
canal = true
line = [[32.45, 31.50], [32.36, 31.30], [32.31, 31.22], [32.31, 30.85], [32.34, 30.58], [32.40, 30.35], [32.56, 30.15], [32.57, 29.95], [32.53, 29.85], [32.55, 29.70]]
toll_usd = 5.0
max_draught_m = 20.1
speed_kmh = 15
country = "EGY"
source = "Suez Canal Authority: draught 66 ft; toll and speed from general knowledge, 2024"

[[gates]]
name = "Panama"
canal = true
line = [[-79.93, 9.45], [-79.92, 9.36], [-79.92, 9.27], [-79.87, 9.20], [-79.80, 9.13], [-79.66, 9.09], [-79.58, 8.97], [-79.53, 8.88], [-79.50, 8.75]]
toll_usd = 4.5
max_draught_m = 15.2
speed_kmh = 12
country = "PAN"
source = "Panama Canal Authority: 15.24 m in the Neopanamax locks at full lake, 12.04 m in the old ones; toll and speed from general knowledge, 2024"

[[gates]]
name = "Kiel"
canal = true
closed = true
line = [[9.14, 53.88], [9.22, 54.02], [9.32, 54.17], [9.67, 54.31], [9.90, 54.36], [10.15, 54.37], [10.22, 54.46]]
toll_usd = 0.5
max_draught_m = 9.5
speed_kmh = 15
country = "DEU"
source = "WSA Nord-Ostsee-Kanal: draught 9.5 m, 15 km/h; toll from general knowledge"

[[gates]]
name = "Corinth"
canal = true
closed = true
line = [[22.93, 37.96], [22.96, 37.95], [23.01, 37.915], [23.05, 37.88]]
toll_usd = 0.5
max_draught_m = 7.3
speed_kmh = 11
country = "GRC"
source = "Corinth Canal: draught 7.3 m; toll and speed from general knowledge"

[[gates]]
name = "Cape Cod Canal"
canal = true
closed = true
line = [[-70.75, 41.62], [-70.65, 41.72], [-70.57, 41.77], [-70.50, 41.78], [-70.42, 41.82]]
max_draught_m = 9.1
speed_kmh = 16
country = "USA"
source = "US Army Corps of Engineers: project depth 32 ft"

[[gates]]
name = "Chesapeake and Delaware Canal"
canal = true
closed = true
line = [[-76.15, 39.35], [-75.98, 39.48], [-75.80, 39.54], [-75.56, 39.56]]
max_draught_m = 10.1
speed_kmh = 16
country = "USA"
source = "US Army Corps of Engineers: project depth 35 ft"

[[gates]]
name = "Delaware River"
canal = true
line = [[-75.10, 38.95], [-75.28, 39.20], [-75.50, 39.42], [-75.56, 39.56], [-75.53, 39.66], [-75.40, 39.80], [-75.20, 39.87], [-75.14, 39.93]]
max_draught_m = 13.7
speed_kmh = 20
country = "USA"
source = "US Army Corps of Engineers: project depth 45 ft"

[[gates]]
name = "Savannah River"
canal = true
line = [[-80.72, 31.95], [-80.88, 32.03], [-81.09, 32.08]]
max_draught_m = 14.3
speed_kmh = 15
country = "USA"
source = "US Army Corps of Engineers: project depth 47 ft"

[[gates]]
name = "St Johns River"
canal = true
line = [[-81.33, 30.40], [-81.43, 30.40], [-81.63, 30.38], [-81.65, 30.32]]
max_draught_m = 14.3
speed_kmh = 15
country = "USA"
source = "US Army Corps of Engineers: project depth 47 ft"

[[gates]]
name = "Mississippi River"
canal = true
line = [[-89.46, 28.85], [-89.42, 28.93], [-89.25, 29.15], [-89.45, 29.33], [-89.70, 29.50], [-89.95, 29.70], [-89.95, 29.85], [-90.06, 29.94], [-90.45, 30.03], [-90.85, 30.05], [-91.05, 30.25], [-91.20, 30.45]]
max_draught_m = 14.6
speed_kmh = 18
country = "USA"
source = "US Army Corps of Engineers: project depth 50 ft to Baton Rouge"

[[gates]]
name = "Houston Ship Channel"
canal = true
line = [[-94.60, 29.28], [-94.75, 29.35], [-94.87, 29.55], [-94.98, 29.68], [-95.05, 29.76], [-95.27, 29.73]]
max_draught_m = 13.7
speed_kmh = 15
country = "USA"
source = "US Army Corps of Engineers: project depth 45 to 46.5 ft"

[[gates]]
name = "Columbia River"
canal = true
line = [[-124.25, 46.22], [-124.05, 46.24], [-123.80, 46.21], [-123.40, 46.22], [-123.15, 46.17], [-122.95, 46.10], [-122.80, 45.90], [-122.77, 45.65], [-122.68, 45.54]]
max_draught_m = 13.1
speed_kmh = 20
country = "USA"
source = "US Army Corps of Engineers: project depth 43 ft"

[[gates]]
name = "San Francisco Bay"
canal = true
line = [[-122.70, 37.75], [-122.55, 37.80], [-122.45, 37.83], [-122.38, 37.80]]
max_draught_m = 15.2
speed_kmh = 20
country = "USA"
source = "NOAA charts, from general knowledge"

[[gates]]
name = "St Lawrence River"
canal = true
line = [[-68.40, 48.75], [-69.40, 48.15], [-69.95, 47.75], [-70.45, 47.30], [-70.90, 46.95], [-71.20, 46.82], [-71.90, 46.62], [-72.54, 46.33], [-73.10, 46.05], [-73.45, 45.75], [-73.53, 45.52]]
max_draught_m = 10.7
speed_kmh = 24
country = "CAN"
source = "Canadian Coast Guard: 11.3 m depth to Montreal, open all year; Quebec takes 15 m"

[[gates]]
name = "St Lawrence Seaway"
canal = true
line = [[-73.53, 45.52], [-73.75, 45.41], [-74.15, 45.22], [-74.75, 45.02], [-75.50, 44.70], [-76.10, 44.33], [-76.45, 44.10], [-77.50, 43.65], [-79.00, 43.40], [-79.22, 43.25]]
toll_usd = 2.0
max_draught_m = 8.08
speed_kmh = 16
months_closed = "1-3"
source = "St Lawrence Seaway Management Corporation: draught 8.08 m, season late March to the end of December; toll from general knowledge"

[[gates]]
name = "St Lawrence Seaway"
canal = true
line = [[-79.00, 43.40], [-79.37, 43.62]]
max_draught_m = 8.08
months_closed = "1-3"
source = "Toronto; as the Seaway"

[[gates]]
name = "St Lawrence Seaway"
canal = true
line = [[-79.00, 43.40], [-79.78, 43.28]]
max_draught_m = 8.08
months_closed = "1-3"
source = "Hamilton; as the Seaway"

[[gates]]
name = "Welland"
canal = true
line = [[-79.22, 43.25], [-79.20, 43.05], [-79.25, 42.86], [-80.10, 42.50], [-81.70, 41.85], [-82.50, 41.85], [-83.12, 42.05], [-83.05, 42.32], [-82.72, 42.42], [-82.50, 42.65], [-82.42, 43.00], [-82.30, 43.50], [-82.95, 45.00], [-83.75, 45.85]]
toll_usd = 1.0
max_draught_m = 8.08
speed_kmh = 16
months_closed = "1-3"
source = "St Lawrence Seaway Management Corporation: draught 8.08 m, season as the Seaway; toll from general knowledge"

[[gates]]
name = "Welland"
canal = true
line = [[-79.25, 42.86], [-78.92, 42.87]]
max_draught_m = 8.08
months_closed = "1-3"
source = "Buffalo; as the Welland Canal"

[[gates]]
name = "Welland"
canal = true
line = [[-81.70, 41.85], [-81.72, 41.51]]
max_draught_m = 8.08
months_closed = "1-3"
source = "Cleveland; as the Welland Canal"

[[gates]]
name = "Welland"
canal = true
line = [[-82.50, 41.85], [-83.00, 41.75], [-83.45, 41.70]]
max_draught_m = 8.08
months_closed = "1-3"
source = "Toledo; as the Welland Canal"

[[gates]]
name = "Mackinac"
canal = true
line = [[-83.75, 45.85], [-84.73, 45.82], [-85.60, 45.85], [-86.30, 45.20], [-87.00, 43.50], [-87.50, 41.75]]
max_draught_m = 8.2
months_closed = "1-3"
source = "Lake Michigan to Chicago; season as the Soo locks"

[[gates]]
name = "Mackinac"
canal = true
line = [[-87.00, 43.50], [-87.88, 43.03]]
max_draught_m = 8.2
months_closed = "1-3"
source = "Milwaukee; season as the Soo locks"

[[gates]]
name = "Soo"
canal = true
line = [[-83.75, 45.85], [-83.90, 45.98], [-84.15, 46.25], [-84.35, 46.51], [-84.75, 46.50], [-85.00, 46.80], [-86.50, 47.20], [-87.70, 47.60], [-90.20, 47.10], [-92.05, 46.77]]
max_draught_m = 8.2
speed_kmh = 18
months_closed = "1-3"
source = "US Army Corps of Engineers: locks closed 15 January to 25 March, channels 27 ft"

[[gates]]
name = "Soo"
canal = true
line = [[-87.70, 47.60], [-88.90, 48.25], [-89.20, 48.38]]
max_draught_m = 8.2
months_closed = "1-3"
source = "Thunder Bay; as the Soo locks"

[[gates]]
name = "Soo"
canal = true
line = [[-86.50, 47.20], [-87.38, 46.54]]
max_draught_m = 8.2
months_closed = "1-3"
source = "Marquette; as the Soo locks"

[[gates]]
name = "Orinoco River"
canal = true
line = [[-60.00, 8.95], [-60.80, 8.60], [-61.80, 8.38], [-62.70, 8.30]]
max_draught_m = 11.0
speed_kmh = 18
country = "VEN"
source = "from general knowledge: 36 ft at high water, less from January to April"

[[gates]]
name = "Maracaibo"
canal = true
line = [[-71.50, 11.20], [-71.60, 11.00], [-71.58, 10.75], [-71.58, 10.55], [-71.55, 10.35]]
max_draught_m = 11.9
speed_kmh = 18
country = "VEN"
source = "from general knowledge: channel of 39 ft"

[[gates]]
name = "Magdalena River"
canal = true
line = [[-74.87, 11.18], [-74.84, 11.08], [-74.76, 10.97]]
max_draught_m = 9.0
country = "COL"
source = "from general knowledge"

[[gates]]
name = "Amazon River"
canal = true
line = [[-49.40, 1.60], [-50.20, 0.60], [-51.05, 0.00], [-51.60, -0.60], [-52.30, -1.50], [-54.00, -2.30], [-54.72, -2.41], [-55.50, -1.95], [-56.70, -2.50], [-58.30, -3.15], [-60.02, -3.14]]
max_draught_m = 11.5
speed_kmh = 20
country = "BRA"
source = "Marinha do Brasil: 11.5 m over the north bar"

[[gates]]
name = "Para River"
canal = true
line = [[-47.80, -0.30], [-48.10, -0.75], [-48.45, -1.20], [-48.50, -1.45]]
max_draught_m = 11.5
country = "BRA"
source = "from general knowledge"

[[gates]]
name = "Parana River"
canal = true
line = [[-58.20, -34.55], [-58.40, -34.25], [-58.60, -33.95], [-59.10, -33.90], [-59.65, -33.65], [-60.20, -33.33], [-60.65, -32.93], [-60.70, -31.65]]
max_draught_m = 10.4
speed_kmh = 18
country = "ARG"
source = "Hidrovia Parana-Paraguay: 34 ft to Rosario"

[[gates]]
name = "Guayas River"
canal = true
line = [[-80.30, -3.00], [-80.00, -2.60], [-79.92, -2.35], [-79.88, -2.20]]
max_draught_m = 9.6
country = "ECU"
source = "from general knowledge"

[[gates]]
name = "Elbe"
canal = true
line = [[8.10, 54.00], [8.60, 53.93], [8.90, 53.85], [9.14, 53.88], [9.40, 53.80], [9.55, 53.62], [9.80, 53.55], [9.97, 53.54]]
max_draught_m = 14.5
speed_kmh = 22
country = "DEU"
source = "WSA Elbe-Nordsee: 13.5 m at any tide, 15.6 m with it"

[[gates]]
name = "Weser"
canal = true
line = [[8.00, 53.85], [8.30, 53.72], [8.53, 53.55], [8.50, 53.25], [8.75, 53.10]]
max_draught_m = 12.8
country = "DEU"
source = "WSA Weser: 12.8 m to Bremerhaven, 10.5 m to Bremen"

[[gates]]
name = "Scheldt"
canal = true
line = [[3.10, 51.45], [3.55, 51.42], [3.80, 51.36], [4.00, 51.40], [4.25, 51.36], [4.35, 51.25]]
max_draught_m = 16.0
speed_kmh = 20
country = "BEL"
source = "Port of Antwerp-Bruges: 16 m with the tide"

[[gates]]
name = "Nieuwe Waterweg"
canal = true
line = [[3.90, 52.02], [4.08, 51.99], [4.25, 51.91], [4.48, 51.90]]
max_draught_m = 15.0
country = "NLD"
source = "Port of Rotterdam; Maasvlakte itself takes 22.5 m"

[[gates]]
name = "North Sea Canal"
canal = true
line = [[4.45, 52.47], [4.58, 52.47], [4.90, 52.39]]
max_draught_m = 13.75
country = "NLD"
source = "Port of Amsterdam: 13.75 m salt water"

[[gates]]
name = "Seine"
canal = true
line = [[0.00, 49.43], [0.25, 49.43], [0.55, 49.48], [0.80, 49.45], [1.05, 49.44]]
max_draught_m = 10.7
country = "FRA"
source = "Haropa: Rouen 10.7 m"

[[gates]]
name = "Gironde"
canal = true
line = [[-1.30, 45.65], [-1.05, 45.57], [-0.80, 45.30], [-0.65, 45.08], [-0.55, 44.90]]
max_draught_m = 10.0
country = "FRA"
source = "Port de Bordeaux, from general knowledge"

[[gates]]
name = "Loire"
canal = true
line = [[-2.30, 47.20], [-2.15, 47.28], [-1.90, 47.25], [-1.60, 47.20]]
max_draught_m = 9.0
country = "FRA"
source = "Port of Nantes, from general knowledge"

[[gates]]
name = "Guadalquivir"
canal = true
line = [[-6.50, 36.75], [-6.35, 36.82], [-6.15, 37.00], [-6.10, 37.20], [-6.00, 37.36]]
max_draught_m = 7.0
country = "ESP"
source = "Puerto de Sevilla: 7.0 m"

[[gates]]
name = "Thames"
canal = true
line = [[1.10, 51.53], [0.75, 51.50], [0.45, 51.46], [0.10, 51.51]]
max_draught_m = 12.0
country = "GBR"
source = "Port of London Authority, from general knowledge"

[[gates]]
name = "Humber"
canal = true
line = [[0.25, 53.53], [-0.05, 53.62], [-0.28, 53.73]]
max_draught_m = 10.4
country = "GBR"
source = "Hull, from general knowledge"

[[gates]]
name = "Bosporus"
canal = true
line = [[28.95, 40.93], [28.995, 41.01], [29.04, 41.05], [29.07, 41.10], [29.06, 41.15], [29.13, 41.22], [29.18, 41.32]]
max_draught_m = 15.0
speed_kmh = 18
country = "TUR"
source = "Turkish Straits regulations: 10 knots; ships deeper than 15 m by day only"

[[gates]]
name = "Bosporus"
line = [[28.70, 41.12], [29.50, 41.10]]
max_draught_m = 15.0
source = "as above"

[[gates]]
name = "Dardanelles"
canal = true
line = [[26.05, 40.00], [26.20, 40.02], [26.38, 40.15], [26.40, 40.21], [26.55, 40.28], [26.72, 40.42], [26.95, 40.48]]
max_draught_m = 15.0
speed_kmh = 18
country = "TUR"
source = "Turkish Straits regulations: 10 knots; ships deeper than 15 m by day only"

[[gates]]
name = "Dardanelles"
line = [[26.27, 40.30], [26.80, 39.95]]
max_draught_m = 15.0
source = "as above"

[[gates]]
name = "Kanmon"
canal = true
line = [[130.70, 34.05], [130.86, 33.93], [130.93, 33.93], [130.97, 33.96], [131.10, 33.95]]
max_draught_m = 12.0
speed_kmh = 20
country = "JPN"
source = "Japan Coast Guard, from general knowledge: fairway of 12 to 13 m, 500 m wide, pilots compulsory over 10,000 t"

[[gates]]
name = "Kanmon"
line = [[130.80, 34.10], [131.10, 33.70]]
max_draught_m = 12.0
source = "as above"

[[gates]]
name = "Belle Isle"
closed = true
line = [[-57.30, 51.85], [-56.10, 50.90]]
months_closed = "12-6"
source = "Canadian Coast Guard: ice from December to June"

[[gates]]
name = "Canso"
closed = true
line = [[-61.65, 45.60], [-61.15, 45.70]]
max_draught_m = 8.5
source = "Canso Canal, from general knowledge: lock of 9.75 m depth in the causeway, closed by ice in winter"

[[gates]]
name = "Adam's Bridge"
closed = true
line = [[78.80, 9.40], [79.20, 9.28], [79.60, 9.12], [80.30, 8.85]]
max_draught_m = 3.0
source = "Admiralty charts, from general knowledge: about 3 m in Pamban Pass"

[[gates]]
name = "Isanotski"
closed = true
line = [[-163.90, 54.75], [-162.90, 55.00]]
max_draught_m = 5.0
source = "US Coast Pilot 9: False Pass is for small craft; ships take Unimak Pass"

[[gates]]
name = "Great Bahama Bank"
closed = true
line = [[-79.25, 25.78], [-79.18, 25.00], [-79.15, 24.20], [-78.90, 23.30], [-78.40, 22.75], [-77.60, 22.55], [-76.60, 22.35], [-75.80, 22.15], [-75.70, 22.35], [-75.35, 23.10], [-75.20, 23.50], [-75.80, 23.75], [-76.60, 24.55], [-76.90, 24.95], [-77.30, 25.02], [-77.90, 25.15], [-78.30, 25.60], [-79.25, 25.78]]
max_draught_m = 3.0
source = "US Sailing Directions, from general knowledge: shoal of 2 to 6 m"

[[gates]]
name = "Little Bahama Bank"
closed = true
line = [[-79.10, 26.80], [-79.05, 27.20], [-78.30, 27.35], [-77.60, 27.15], [-76.95, 26.70], [-77.10, 26.30], [-77.50, 26.45], [-78.00, 26.68], [-78.70, 26.60], [-79.10, 26.80]]
max_draught_m = 3.0
source = "US Sailing Directions, from general knowledge: shoal of 2 to 6 m"

[[gates]]
name = "Dangerous Ground"
closed = true
line = [[113.00, 7.80], [112.20, 9.50], [113.80, 11.50], [116.20, 12.00], [117.50, 11.00], [116.80, 9.80], [115.20, 8.00], [113.00, 7.80]]
source = "Admiralty charts: Dangerous Ground, ships pass west of it or through the Palawan Passage"

[[gates]]
name = "Yangtze"
canal = true
line = [[122.40, 31.00], [121.95, 31.20], [121.65, 31.38], [121.50, 31.40], [121.20, 31.70], [120.60, 31.98], [120.20, 31.95], [119.70, 32.25], [119.40, 32.22], [118.75, 32.12]]
max_draught_m = 12.5
speed_kmh = 20
country = "CHN"
source = "Changjiang Waterway Bureau: 12.5 m to Nanjing"

[[gates]]
name = "Pearl River"
canal = true
line = [[113.80, 22.15], [113.75, 22.45], [113.65, 22.75], [113.50, 23.05]]
max_draught_m = 14.5
country = "CHN"
source = "Port of Guangzhou, from general knowledge"

[[gates]]
name = "Saigon River"
canal = true
line = [[107.05, 10.25], [106.98, 10.42], [106.85, 10.60], [106.73, 10.77]]
max_draught_m = 9.5
country = "VNM"
source = "from general knowledge"

[[gates]]
name = "Chao Phraya"
canal = true
line = [[100.62, 13.35], [100.59, 13.55], [100.55, 13.70]]
max_draught_m = 8.2
country = "THA"
source = "Port Authority of Thailand: 27 ft"

[[gates]]
name = "Yangon River"
canal = true
line = [[96.40, 16.20], [96.30, 16.55], [96.17, 16.76]]
max_draught_m = 9.0
country = "MMR"
source = "from general knowledge"

[[gates]]
name = "Hooghly"
canal = true
line = [[88.15, 21.20], [88.00, 21.65], [88.05, 22.05], [88.15, 22.20], [88.15, 22.45], [88.30, 22.55]]
max_draught_m = 7.5
country = "IND"
source = "Kolkata Port, from general knowledge"

[[gates]]
name = "Shatt al Arab"
canal = true
line = [[48.75, 29.70], [48.58, 29.95], [48.45, 30.15], [48.20, 30.40], [47.85, 30.52]]
max_draught_m = 7.0
country = "IRQ"
source = "from general knowledge"

[[gates]]
name = "Malacca"
line = [[101.90, 3.50], [99.90, 1.50]]
max_draught_m = 20.5
source = "IMO rules for the Straits of Malacca and Singapore: under-keel clearance 3.5 m over 24 m at One Fathom Bank"

[[gates]]
name = "Sunda"
line = [[106.40, -6.40], [105.00, -5.00]]
max_draught_m = 18.0
source = "Admiralty sailing directions, from general knowledge"

[[gates]]
name = "Lombok"
line = [[115.10, -8.40], [116.50, -8.60]]
source = "deeper than 150 m"

[[gates]]
name = "Gibraltar"
line = [[-5.40, 36.50], [-5.60, 35.40]]
source = "no limit"

[[gates]]
name = "Bab el Mandeb"
line = [[43.90, 13.40], [42.70, 12.30]]
source = "no limit"

[[gates]]
name = "Hormuz"
line = [[56.22, 25.80], [56.40, 27.60]]
source = "no limit"

[[gates]]
name = "Dover"
line = [[1.00, 51.25], [2.10, 50.60]]
source = "no limit for the ships of today"

[[gates]]
name = "Oresund"
line = [[12.20, 56.00], [13.20, 56.00]]
max_draught_m = 7.7
source = "Danish Maritime Authority: Drogden, 8 m; the Great Belt takes deeper ships"

[[gates]]
name = "Great Belt"
line = [[11.60, 55.40], [10.40, 55.35]]
max_draught_m = 15.4
source = "Route T: 15.4 m recommended with under-keel clearance in 17 m"

[[gates]]
name = "Little Belt"
line = [[10.30, 55.40], [9.20, 55.60]]
max_draught_m = 10.0
source = "from general knowledge"

[[gates]]
name = "Magellan"
line = [[-71.60, -52.90], [-69.00, -53.70]]
max_draught_m = 21.3
source = "Directemar: 21.3 m"

[[gates]]
name = "Torres"
line = [[142.50, -11.70], [142.70, -8.60]]
max_draught_m = 12.2
source = "Australian Maritime Safety Authority: 12.2 m"

[[gates]]
name = "Bass"
line = [[145.90, -38.00], [146.80, -41.60]]
source = "no limit"

[[gates]]
name = "Taiwan"
line = [[118.50, 25.60], [121.20, 24.30]]
source = "no limit"

[[gates]]
name = "Korea"
line = [[128.70, 35.60], [131.00, 33.60]]
source = "no limit"

[[gates]]
name = "Florida"
line = [[-81.00, 26.00], [-80.70, 22.60]]
source = "no limit"

[[gates]]
name = "Windward"
line = [[-75.00, 20.30], [-72.80, 19.30]]
source = "no limit"

[[gates]]
name = "Mona"
line = [[-69.30, 18.70], [-66.40, 18.25]]
source = "no limit"

[[gates]]
name = "Hudson Strait"
line = [[-66.80, 63.00], [-64.60, 59.60]]
months_closed = "11-7"
source = "Port of Churchill: season from late July to the end of October"

[[gates]]
name = "Bering"
line = [[-165.50, 65.20], [-173.00, 66.60]]
months_closed = "12-5"
source = "NOAA ice atlas, from general knowledge: closed by ice from December to May"

[[gates]]
name = "Kara"
line = [[55.50, 72.00], [58.00, 70.80], [60.50, 68.60]]
months_closed = ""
source = "from general knowledge: Dudinka is reached all year behind icebreakers"

[[gates]]
name = "Northeast Passage"
line = [[-25.00, 82.00], [16.00, 79.00], [55.00, 80.70], [97.00, 79.80], [103.00, 76.30]]
months_closed = "12-6"
closed = true
source = "Northern Sea Route Administration: ships without icebreaker from July to November"

[[gates]]
name = "Northwest Passage"
line = [[-60.00, 80.00], [-82.00, 80.00]]
months_closed = "10-7"
closed = true
source = "Nares Strait; Canadian Coast Guard: a few weeks in August and September"

[[gates]]
name = "Northwest Passage"
line = [[-84.00, 77.20], [-84.00, 75.20]]
months_closed = "10-7"
closed = true
source = "Jones Sound; as above"

[[gates]]
name = "Northwest Passage"
line = [[-87.00, 75.40], [-87.50, 72.20]]
months_closed = "10-7"
closed = true
source = "Lancaster Sound; as above"

[[gates]]
name = "Northwest Passage"
line = [[-83.50, 70.70], [-83.50, 69.00]]
months_closed = "10-7"
closed = true
source = "Fury and Hecla Strait; as above"
)toml";
}

const std::vector<SeaGate>& built_in_sea_gates() {
  static const std::vector<SeaGate> gates =
      parse_sea_gates(built_in_sea_gates_text(), "built-in sea gates");
  return gates;
}

}  // namespace lode
