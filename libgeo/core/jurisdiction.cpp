#include "libgeo/core/jurisdiction.h"

#include <algorithm>

#include "libgeo/core/text.h"

namespace lode {
namespace {

/// ISO 3166-1, alpha-2 and alpha-3 of each country.
constexpr std::string_view kCountries =
    "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW "
    "AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN "
    "BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG "
    "CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE "
    "DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN "
    "FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL "
    "GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV "
    "HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM "
    "JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO "
    "LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE "
    "MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS "
    "MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL "
    "NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI "
    "PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN "
    "SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV "
    "SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON "
    "TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN "
    "VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE ";
/// Members of the European Union.
constexpr std::string_view kUnion =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK ";

constexpr std::size_t kPair = 6;  ///< two letters, three, and a blank

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// Two letters of a country, or nothing.
std::string_view country(std::string_view code) {
  if (code == "EU") return "EU";
  if (code == "UK") return "GB";  // reserved in ISO 3166 and often written
  for (std::size_t i = 0; i + kPair <= kCountries.size(); i += kPair)
    if (kCountries.substr(i, 2) == code || kCountries.substr(i + 2, 3) == code)
      return kCountries.substr(i, 2);
  return {};
}

bool in_union(std::string_view code) {
  for (std::size_t i = 0; i + 3 <= kUnion.size(); i += 3)
    if (kUnion.substr(i, 2) == code) return true;
  return false;
}

}  // namespace

std::optional<std::string> jurisdiction_code(std::string_view text) {
  const std::string all = upper(trim(text));
  const std::size_t dash = all.find('-');
  const std::string_view first = country(std::string_view(all).substr(0, dash));
  if (first.empty()) return std::nullopt;
  if (dash == std::string::npos) return std::string(first);
  const std::string part = all.substr(dash + 1);
  const bool plain = std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (part.empty() || part.size() > 3 || !plain || first == "EU") return std::nullopt;
  return std::string(first) + "-" + part;
}

bool jurisdiction_within(std::string_view place, std::string_view other) {
  if (other.empty() || place == other) return true;
  if (place.size() > other.size() && place.starts_with(other) && place[other.size()] == '-')
    return true;
  return other == "EU" && in_union(place.substr(0, place.find('-')));
}

bool jurisdiction_meets(std::string_view rule, std::string_view place) {
  return place.empty() || jurisdiction_within(place, rule) || jurisdiction_within(rule, place);
}

}  // namespace lode
