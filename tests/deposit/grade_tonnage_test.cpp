// Grade-tonnage curves against sums by hand, their factors, units, oxides and value.
#include "libgeo/deposit/grade_tonnage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"

namespace lode {
namespace {

CurveOptions options_of(std::vector<double> cutoffs) {
  CurveOptions options;
  options.cutoffs = std::move(cutoffs);
  return options;
}

void add(GradeTonnage& curve, double volume, double density, double grade, std::uint32_t of = 0) {
  BlockPart part;
  part.volume_m3 = volume;
  part.density_t_m3 = density;
  part.grade = grade;
  part.product = &grade;
  part.class_index = of;
  curve.add(part);
}

TEST(GradeTonnage, CutOffsAreInclusive) {
  CurveOptions options = options_of({0.005, 0.01, 0.02});
  options.classes = 2;
  GradeTonnage curve(options);
  add(curve, 1000.0, 2.5, 0.01, 0);
  add(curve, 1000.0, 3.0, 0.02, 1);
  add(curve, 500.0, 2.0, 0.004, 1);
  // 0.5 % as ppm: 5000e-6 and 0.005 may differ in the last bit, and both are at the cut-off.
  add(curve, 10.0, 2.0, 5000 * 1e-6, 0);
  add(curve, 10.0, 2.0, std::nextafter(0.005, 0.0), 0);
  const auto rows = curve.curve();
  EXPECT_EQ(rows[0].rock_t, 2500.0 + 3000.0 + 40.0);
  EXPECT_EQ(rows[0].blocks, 4u);
  EXPECT_EQ(rows[1].rock_t, 5500.0);
  EXPECT_EQ(rows[1].volume_m3, 2000.0);
  EXPECT_NEAR(rows[1].product_t[0], 25.0 + 60.0, 1e-12);
  EXPECT_NEAR(rows[1].mean_grade, 85.0 / 5500.0, 1e-15);
  EXPECT_EQ(rows[2].rock_t, 3000.0);
  const auto second = curve.curve(1);
  EXPECT_EQ(second[0].rock_t, 3000.0);
  EXPECT_EQ(curve.curve(0)[2].rock_t, 0.0);
  EXPECT_TRUE(std::isnan(curve.curve(0)[2].mean_grade));
}

TEST(GradeTonnage, FactorsOnlyWhenSaid) {
  CurveOptions options = options_of({0.01});
  options.moisture = 0.1;
  options.dilution = 0.25;
  options.dilution_grade = 0.002;
  options.mining_loss = 0.2;
  GradeTonnage curve(options);
  add(curve, 1000.0, 2.0, 0.02);
  const CurveRow row = curve.curve()[0];
  EXPECT_EQ(row.dry_t, 2000.0);
  EXPECT_EQ(row.volume_m3, 1000.0);
  // 2000 t and 500 t of waste, four fifths mined: 2000 t dry, 2222.2 t wet.
  EXPECT_NEAR(row.rock_t, 2000.0 / 0.9, 1e-9);
  EXPECT_NEAR(row.product_t[0], (40.0 + 1.0) * 0.8, 1e-12);
  EXPECT_NEAR(row.mean_grade, 41.0 / 2500.0, 1e-15);
}

TEST(GradeTonnage, SterilisedAddsUp) {
  CurveOptions options = options_of({0.0, 0.01});
  options.constraints = 3;
  GradeTonnage curve(options);
  const double grade = 0.02, lean = 0.005;
  const double alone[3] = {0.5, 0.75, 1.0}, so_far[3] = {0.5, 0.25, 0.25};
  const double without[3] = {0.75, 0.5, 0.25};
  BlockPart part;
  part.volume_m3 = 100.0;
  part.density_t_m3 = 2.0;
  part.grade = grade;
  part.product = &grade;
  part.kept_alone = alone;
  part.kept_so_far = so_far;
  part.kept_without = without;
  curve.add(part);
  part.grade = lean;
  part.product = &lean;
  curve.add(part);
  const auto rows = curve.sterilised();
  for (std::size_t i = 0; i < 2; ++i) {
    double lost = 0.0;
    for (const double t : rows[i].rock.in_order_t) lost += t;
    EXPECT_EQ(rows[i].rock.gross_t - lost, curve.curve()[i].dry_t);
    EXPECT_EQ(rows[i].rock.net_t, curve.curve()[i].dry_t);
    EXPECT_TRUE(rows[i].adds_up);
  }
  EXPECT_EQ(rows[1].rock.gross_t, 200.0);
  EXPECT_EQ(rows[1].rock.alone_t, (std::vector<double>{100.0, 50.0, 0.0}));
  EXPECT_EQ(rows[1].rock.in_order_t, (std::vector<double>{100.0, 50.0, 0.0}));
  EXPECT_EQ(rows[1].rock.marginal_t, (std::vector<double>{100.0, 50.0, 0.0}));
  EXPECT_EQ(rows[0].rock.gross_t, 400.0);
  EXPECT_NEAR(rows[0].product[0].gross_t, 5.0, 1e-14);
  EXPECT_NEAR(rows[0].product[0].marginal_t[0], 2.5, 1e-14);
}

TEST(GradeTonnage, SterilisedAddsUpWhateverTheShares) {
  // Shares that no binary number holds: the exact sums of what is left and taken still meet.
  CurveOptions options = options_of({0.0, 0.01, 0.02});
  options.constraints = 2;
  options.classes = 2;
  GradeTonnage curve(options), other(options);
  for (int b = 0; b < 1000; ++b) {
    const double grade = 0.03 * b / 1000.0, a = 1.0 / (1.0 + b % 7), c = a / (1.0 + b % 3);
    const double alone[2] = {a, 1.0 / (1.0 + b % 3)}, so_far[2] = {a, c};
    const double without[2] = {alone[1], a};
    BlockPart part;
    part.volume_m3 = 12345.678 / (1 + b);
    part.density_t_m3 = 2.7 + b * 1e-3;
    part.grade = grade;
    part.product = &grade;
    part.class_index = b % 5 == 0 ? 1 : 0;
    part.kept_alone = alone;
    part.kept_so_far = so_far;
    part.kept_without = without;
    (b < 500 ? curve : other).add(part);
  }
  curve.merge(other);
  for (const SterilisedRow& row : curve.sterilised()) {
    EXPECT_TRUE(row.adds_up);
    for (const Taken& taken : {row.rock, row.product[0]}) {
      EXPECT_NEAR(taken.gross_t - taken.in_order_t[0] - taken.in_order_t[1], taken.net_t,
                  1e-15 * taken.gross_t);
      EXPECT_GE(taken.alone_t[1], taken.marginal_t[1]);
      EXPECT_EQ(taken.in_order_t[1], taken.marginal_t[1]);
    }
  }
}

TEST(GradeTonnage, CutOffsAndFactorsThatCannotBe) {
  for (const auto& cutoffs :
       std::vector<std::vector<double>>{{}, {0.02, 0.01}, {0.01, 0.01}, {-0.1}, {1.5}, {NAN}})
    EXPECT_EQ(code_of([&] { check_curve(options_of(cutoffs)); }), "resources.cutoffs");
  CurveOptions options = options_of({0.01});
  EXPECT_EQ(code_of([&] { check_curve(options); }), "no error");
  options.moisture = 1.0;
  EXPECT_EQ(code_of([&] { check_curve(options); }), "resources.factor");
  options.moisture = 1.1;  // times 100 it is 110.00000000000001 as a double
  try {
    check_curve(options);
    ADD_FAILURE() << "a moisture of 110 % was taken";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "moisture of 110 % cannot be");
  }
  options.moisture = 0.0;
  options.mining_loss = -0.1;
  EXPECT_EQ(code_of([&] { check_curve(options); }), "resources.factor");
}

TEST(GradeTonnage, ValuesThatCannotBe) {
  EXPECT_EQ(code_of([] { check_density(0.0, "f", 2); }), "blocks.density");
  EXPECT_EQ(code_of([] { check_density(-2.7, "f", 2); }), "blocks.density");
  EXPECT_EQ(code_of([] { check_density(2700.0, "f", 2); }), "blocks.density");
  EXPECT_EQ(code_of([] { check_density(NAN, "f", 2); }), "no error");
  EXPECT_EQ(code_of([] { check_grade(-0.001, "g", "f", 2); }), "blocks.grade");
  EXPECT_EQ(code_of([] { check_grade(1.2, "g", "f", 2); }), "blocks.grade");
  EXPECT_EQ(code_of([] { check_share(1.2, "s", "f", 2); }), "blocks.share");
  EXPECT_EQ(code_of([] { check_share(-0.2, "s", "f", 2); }), "blocks.share");
  EXPECT_EQ(code_of([] { check_share(1.0, "s", "f", 2); }), "no error");
}

TEST(GradeTonnage, ElementsAndOxidesAreNeverMixed) {
  const ProductColumn treo = product_column("treo_pct", "", "", OxideBasis::trade);
  EXPECT_EQ(treo.basis, "oxide TREO");
  EXPECT_EQ(treo.key, "treo");
  EXPECT_EQ(treo.factor, 0.01);
  const ProductColumn nd = product_column("Nd_ppm", "", "", OxideBasis::trade);
  EXPECT_EQ(nd.basis, "element Nd");
  EXPECT_EQ(nd.factor, 1e-6);
  // Nd2O3 weighs 1.16638 of its Nd (2 x 144.242 + 3 x 15.999 over 2 x 144.242).
  const double factor = (2 * 144.242 + 3 * 15.999) / (2 * 144.242);
  const ProductColumn oxide = product_column("Nd_ppm", "", "oxide", OxideBasis::trade);
  EXPECT_EQ(oxide.basis, "oxide Nd2O3");
  EXPECT_NEAR(oxide.factor, 1e-6 * factor, 1e-18);
  const ProductColumn back = product_column("Nd2O3_pct", "", "element", OxideBasis::trade);
  EXPECT_EQ(back.basis, "element Nd");
  EXPECT_NEAR(back.factor, 0.01 / factor, 1e-15);
  EXPECT_EQ(product_column("CeO2_pct", "", "", OxideBasis::sesquioxide).basis, "oxide CeO2");
  EXPECT_EQ(code_of([] { (void)product_column("treo_pct", "", "element", OxideBasis::trade); }),
            "resources.form");
  EXPECT_EQ(code_of([] { (void)product_column("au_ppm", "", "oxide", OxideBasis::trade); }),
            "resources.form");
  EXPECT_EQ(code_of([] { (void)product_column("grade", "", "", OxideBasis::trade); }),
            "unit.missing");
  EXPECT_EQ(product_column("grade", "%", "", OxideBasis::trade).basis, "as column 'grade'");
}

TEST(GradeTonnage, ValueOfOxidesAndElements) {
  PriceTable prices;
  prices.of[ree::Nd] = {56000.0, 0.9, 0.8};
  const std::vector<ProductColumn> products{product_column("treo_pct", "", "", OxideBasis::trade),
                                            product_column("Nd_ppm", "", "", OxideBasis::trade),
                                            product_column("Dy2O3_pct", "", "", OxideBasis::trade)};
  const ProductValue value = value_of({1000.0, 100.0, 7.0}, products, prices);
  const double oxide = 100.0 * (2 * 144.242 + 3 * 15.999) / (2 * 144.242);
  EXPECT_NEAR(value.usd, oxide * 56000.0 * 0.9 * 0.8, 1e-6);
  EXPECT_EQ(value.unpriced_t, 7.0);
}

}  // namespace
}  // namespace lode
