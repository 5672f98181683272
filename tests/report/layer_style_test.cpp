// Styles made from a layer's own values: classes, gaps, words, titles of fields.
#include "libgeo/report/layer_style.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libgeo/core/text.h"
#include "libgeo/report/classes.h"
#include "libgeo/report/field_titles.h"
#include "tests/report/markup.h"

namespace lode::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> labels_of(const std::vector<double>& values, std::string_view unit) {
  std::vector<std::string> labels;
  for (const auto& one : classes_of(values, unit)) labels.push_back(class_label(one, unit));
  return labels;
}

/// Rising, none empty, every finite value in one of them by the rule "first above, or the same".
void expect_sound(const std::vector<double>& values, std::string_view unit) {
  const auto classes = classes_of(values, unit);
  std::vector<std::size_t> count(classes.size(), 0);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    EXPECT_LE(classes[i].lower, classes[i].upper);
    if (i > 0) {
      EXPECT_LE(classes[i - 1].upper, classes[i].lower);
    }
    if (i > 0) {
      EXPECT_FALSE(classes[i - 1] == classes[i]);
    }
  }
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    std::size_t found = classes.size();
    for (std::size_t i = classes.size(); i-- > 0;)
      if (value >= classes[i].lower && value <= classes[i].upper &&
          (classes[i].lower == classes[i].upper || i == 0 || value > classes[i].lower ||
           found == classes.size()))
        found = i;
    ASSERT_LT(found, classes.size()) << value;
    ++count[found];
  }
  for (std::size_t i = 0; i < count.size(); ++i) EXPECT_GT(count[i], 0U) << classes[i].lower;
  EXPECT_LE(classes.size(), 7U);
}

TEST(Classes, FewValuesStandEachByItself) {
  EXPECT_THAT(labels_of({500, 1000, 5000, 500, kNan}, "m"),
              ElementsAre("500 m", "1,000 m", "5,000 m"));
  EXPECT_THAT(labels_of({7, 7}, ""), ElementsAre("7"));
  EXPECT_TRUE(classes_of({kNan, kNan}).empty());
  EXPECT_TRUE(classes_of({}).empty());
}

TEST(Classes, ValuesThatOnlyLateDigitsTellApartAreToldApart) {
  EXPECT_THAT(labels_of({51.44311546079291, 96.16788413610679}, "%"),
              ElementsAre("51.44 %", "96.17 %"));
  OutputLayer layer;
  layer.name = layer.table.name = "close";
  layer.geometry = {point_geometry(0, 0), point_geometry(1, 0)};
  layer.table.add(number_column("v", {100000.25, 100000.5}));
  const std::string qml = layer_style(layer, {.colour_by = {"v"}});
  EXPECT_THAT(qml, HasSubstr("label=\"100000.25\""));
  EXPECT_THAT(qml, HasSubstr("label=\"100000.5\""));

  layer.geometry.push_back(point_geometry(2, 0));
  layer.table = {};
  layer.table.name = "close";
  layer.table.add(number_column("v_pct", {51.44311546079291, 51.44412345678901, 51.4421}));
  const std::string three = layer_style(layer, {.colour_by = {"v_pct"}});
  for (const char* label : {"51.4421", "51.4431", "51.4441"})
    EXPECT_THAT(three, HasSubstr("label=\"" + std::string(label) + " %\"")) << label;
}

TEST(Classes, WideSharesGoByTwentiesWithNothingAndAllApart) {
  EXPECT_THAT(labels_of({0, 0, 12, 33, 47, 61.5, 88, 100}, "%"),
              ElementsAre("0 %", "0 to 20 %", "20 to 40 %", "40 to 60 %", "60 to 80 %",
                          "80 to 100 %", "100 %"));
  EXPECT_THAT(labels_of({1, 2, 3, 4, 20, 45}, "%"), ElementsAre("0 to 20 %", "40 to 60 %"));
}

TEST(Classes, ManyValuesGetRoundBoundsAndAboutEvenNumbers) {
  std::vector<double> values;
  for (int i = 1; i <= 1000; ++i) values.push_back(0.123 * i);  // 0.123 to 123
  EXPECT_THAT(labels_of(values, "km"), ElementsAre("0.12 to 25 km", "25 to 49 km", "49 to 74 km",
                                                   "74 to 98 km", "98 to 130 km"));
}

TEST(Classes, FrequentZeroIsApart) {
  std::vector<double> values(40, 0.0);
  for (int i = 1; i <= 60; ++i) values.push_back(i);
  EXPECT_EQ(labels_of(values, "n").front(), "0");
  EXPECT_EQ(classes_of(values).size(), 5U);
}

TEST(Classes, HoldEveryValueOfAnyKind) {
  const std::vector<double> small{1e-300, 2e-300, 3e-300, 5e-300, 7e-300, 9e-300};
  const std::vector<double> close{100012, 100013, 100015, 100021, 100033, 100045, 100046};
  const std::vector<double> signs{-1e6, -3, -0.0, 0.0, 1e-9, 7, 1e12, 5e14};
  const std::vector<double> odd{kNan, std::numeric_limits<double>::infinity(), 1, 2, 3, 4, 5, 6};
  const std::vector<double> twins{1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6};
  const double next = std::nextafter(1.0, 2.0);
  const std::vector<double> bits{1, next, std::nextafter(next, 2.0), 1 + 1e-15, 1 + 2e-15, 2, 3};
  for (const auto& values : {small, close, signs, odd, twins, bits}) {
    expect_sound(values, "");
    expect_sound(values, "%");
  }
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::vector<double> values;
    std::uint64_t state = seed;
    const auto draw = [&] {  // any numbers will do
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      return static_cast<double>(state >> 11) / 9007199254740992.0;
    };
    const double scale = std::pow(10.0, 24 * draw() - 12), shift = draw() < 0.5 ? 0 : 100 * scale;
    for (std::size_t i = 0; i < 3 + seed; ++i)
      values.push_back(draw() < 0.2 ? 0 : shift + scale * std::pow(draw() - 0.2, 3));
    expect_sound(values, seed % 2 == 0 ? "%" : "t");
  }
}

TEST(FieldTitles, ReadForPeople) {
  const auto title = [](const std::string& name, const std::string& unit = {}) {
    return field_title(number_column(name, {}, unit));
  };
  EXPECT_EQ(title("distance_km", "km"), "Distance (km)");
  EXPECT_EQ(title("area_m2"), "Area (m\xc2\xb2)");
  EXPECT_EQ(title("excl_pct"), "Excluded (%)");
  EXPECT_EQ(title("cost_usd_per_t"), "Cost (USD/t)");
  EXPECT_EQ(title("days_left", "d"), "Time to expiry (days)");
  EXPECT_EQ(title("LD_RANK"), "Rank");
  EXPECT_EQ(title("LD_C_net_treo_t"), "Contribution of net_treo_t")
      << "a part of a score, no tonnes";
  EXPECT_EQ(title("ORE_MT"), "ORE (Mt)");
  EXPECT_EQ(title("SITE_NO"), "SITE_NO");
  EXPECT_EQ(title("axle_load_t"), "Axle load (t)");
  EXPECT_EQ(title("waste_rock_t"), "Waste rock (t)");
  EXPECT_EQ(title("LOC_ACC_KM"), "LOC ACC (km)");
  EXPECT_EQ(title("la2o3_pct"), "La2O3 (%)");
  EXPECT_EQ(title("ceo2_ppm"), "CeO2 (ppm)");
  EXPECT_EQ(title("no"), "No");
  EXPECT_EQ(title("treo_pct_variance"), "TREO, variance");
  EXPECT_EQ(title("la2o3_pct_coverage_pct", "%"), "La2O3, part of the length assayed (%)");
  EXPECT_EQ(title("water_m3_per_kg_low", "m3/kg REO"), "Process water, low (m3/kg REO)");
  EXPECT_EQ(title("population_100km"), "People in 100 km");
  EXPECT_EQ(title("net_treo_t", "t"), "Net TREO (t)");
  EXPECT_EQ(field_title(text_column("not_said_m", {})), "Not said m") << "words have no unit";
}

OutputLayer layer_of(Column column, GeometryKind kind = GeometryKind::point) {
  OutputLayer layer;
  layer.name = layer.table.name = "things";
  for (std::size_t i = 0; i < column.size(); ++i)
    layer.geometry.push_back(kind == GeometryKind::point ? point_geometry(static_cast<double>(i), 1)
                                                         : Geometry{});
  layer.table.add(std::move(column));
  return layer;
}

TEST(LayerStyle, NumbersWithoutGapsAreGraduated) {
  const OutputLayer layer = layer_of(number_column("net_ha", {1, 2, 3}, "ha"));
  const std::string qml = layer_style(layer, {.colour_by = {"none_such", "net_ha"}});
  EXPECT_EQ(test::markup_fault(qml), "");
  EXPECT_THAT(qml, HasSubstr("type=\"graduatedSymbol\""));
  EXPECT_THAT(qml, HasSubstr("attr=\"net_ha\""));
  EXPECT_THAT(qml, HasSubstr("<range lower=\"2\" upper=\"2\" label=\"2 ha\""));
}

TEST(LayerStyle, AGapHasAClass) {
  const std::string qml =
      layer_style(layer_of(number_column("a \"b\" <c>", {1, kNan, 3})), {.colour_by = {"*"}});
  EXPECT_EQ(test::markup_fault(qml), "");
  EXPECT_THAT(qml, HasSubstr("type=\"RuleRenderer\""));
  EXPECT_THAT(qml, HasSubstr("label=\"Not known\""));
  EXPECT_THAT(qml, HasSubstr("&quot;a &quot;&quot;b&quot;&quot; &lt;c&gt;&quot; IS NULL"));
}

TEST(LayerStyle, WordsKeepTheirMeaningAndTheRestIsOther) {
  const std::string qml =
      layer_style(layer_of(text_column("status", {"expired", "valid", "", "my own"})),
                  {.colour_by = {"status"}});
  EXPECT_EQ(test::markup_fault(qml), "");
  EXPECT_THAT(qml, HasSubstr("value=\"valid\" label=\"Valid\""));
  EXPECT_LT(qml.find("value=\"valid\""), qml.find("value=\"expired\""));
  EXPECT_LT(qml.find("value=\"expired\""), qml.find("value=\"my own\""));
  EXPECT_THAT(qml, HasSubstr("value=\"\" label=\"Not told\""));

  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i) many.push_back("hole " + std::to_string(i % 20));
  const std::string holes =
      layer_style(layer_of(text_column("hole", many)), {.colour_by = {"hole"}});
  EXPECT_THAT(holes, HasSubstr("Other, or not told"));
  EXPECT_THAT(holes, HasSubstr("value=\"hole 3\""));
  EXPECT_THAT(holes, Not(HasSubstr("value=\"hole 13\""))) << "the frequent ones have the colours";
}

TEST(LayerStyle, ATextThatXmlCannotHoldIsOther) {
  const std::string qml = layer_style(layer_of(text_column("kind", {"a\x01"
                                                                    "b",
                                                                    "it's <b> & \"q\""})),
                                      {.colour_by = {"kind"}});
  EXPECT_EQ(test::markup_fault(qml), "");
  EXPECT_THAT(qml, HasSubstr("value=\"it&#39;s &lt;b&gt; &amp; &quot;q&quot;\""));
  EXPECT_THAT(qml, HasSubstr("value=\"\" label=\"Not told\""));
  EXPECT_THAT(qml, Not(HasSubstr("x01")));
}

TEST(LayerStyle, NothingToGoByIsOneColourAndNoPlacesAreNoStyle) {
  EXPECT_THAT(layer_style(layer_of(number_column("v", {kNan, kNan})), {.colour_by = {"v"}}),
              HasSubstr("type=\"singleSymbol\""));
  EXPECT_EQ(layer_style(layer_of(number_column("v", {1}), GeometryKind::none), {}), "");
  OutputLayer mixed = layer_of(number_column("v", {1, 2}));
  mixed.geometry[1] = Geometry{};
  mixed.geometry[1].kind = GeometryKind::line;
  mixed.geometry[1].lines = {{{0, 0}, {1, 1}}};
  EXPECT_EQ(layer_style(mixed, {}), "") << "QGIS would draw one kind with the other's symbol";
}

TEST(LayerStyle, NamesAreShownWhereThereAreFew) {
  OutputLayer layer = layer_of(text_column("name", {"Thor", ""}));
  layer.table.add(text_column("id", {"A", "B"}));
  const LayerLook look{.label = {"name", "id"}};
  EXPECT_THAT(layer_style(layer, look), HasSubstr("coalesce(&quot;name&quot;, &quot;id&quot;)"));
  OutputLayer many = layer_of(text_column("name", std::vector<std::string>(41, "n")));
  EXPECT_THAT(layer_style(many, look), Not(HasSubstr("<labeling")));
}

TEST(LayerStyle, TitlesAreAddedOnceAndStaySmall) {
  OutputLayer layer = layer_of(number_column("net_ha", {1, 2}, "ha"));
  layer.style_qml = layer_style(layer, {.colour_by = {"net_ha"}});
  add_field_titles(layer);
  EXPECT_EQ(test::markup_fault(layer.style_qml), "");
  EXPECT_THAT(layer.style_qml, HasSubstr("styleCategories=\"Symbology|Labeling|Fields\""));
  EXPECT_THAT(layer.style_qml, HasSubstr("field=\"net_ha\" name=\"Left after setbacks (ha)\""));
  OutputLayer wide;
  wide.name = wide.table.name = "wide";
  for (int i = 0; i < 1000; ++i)
    wide.table.add(number_column("realization_" + std::to_string(i) + "_pct", {1}));
  add_field_titles(wide);
  EXPECT_EQ(test::markup_fault(wide.style_qml), "");
  EXPECT_LT(wide.style_qml.size(), 8000U);
}

}  // namespace
}  // namespace lode::report
