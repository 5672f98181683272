#include "libgeo/deposit/grade_tonnage.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

// A grade in ppm and a cut-off in % may differ in the last bit: inclusive to 1 part in 1e12.
constexpr double inclusive = 1.0 - 1e-12;

void check_factor(double value, double most, bool open, const char* what) {
  if (value >= 0.0 && (open ? value < most : value <= most)) return;
  throw Error(
      "resources.factor",
      std::string(what) + " of " + number_text(std::round(value * 1e11) / 1e9) + " % cannot be",
      what, "Give 0 to " + std::string(open ? "below " : "") + number_text(most * 100.0) + " %.");
}

std::string line_text(const std::string& name, std::size_t line) {
  return name + ", line " + std::to_string(line);
}

}  // namespace

void check_curve(const CurveOptions& options) {
  if (options.cutoffs.empty())
    throw Error("resources.cutoffs", "no cut-off is given", "cut-offs", "Give one or more.");
  for (std::size_t i = 0; i < options.cutoffs.size(); ++i) {
    const double cutoff = options.cutoffs[i];
    if (!(cutoff >= 0.0 && cutoff <= 1.0))
      throw Error("resources.cutoffs",
                  "a cut-off of " + number_text(cutoff * 100.0) + " % cannot be", "cut-offs",
                  "Cut-offs are 0 to 100 %.");
    if (i > 0 && !(cutoff > options.cutoffs[i - 1]))
      throw Error("resources.cutoffs",
                  "the cut-offs do not rise: " + number_text(cutoff * 100.0) + " % stands after " +
                      number_text(options.cutoffs[i - 1] * 100.0) + " %",
                  "cut-offs", "Write them from low to high, each once.");
  }
  check_factor(options.moisture, 1.0, true, "moisture");
  check_factor(options.dilution, 10.0, false, "dilution");
  check_factor(options.dilution_grade, 1.0, false, "grade of the dilution");
  check_factor(options.mining_loss, 1.0, true, "mining loss");
}

GradeTonnage::GradeTonnage(const CurveOptions& options) : options_(options) {
  Cell cell;
  cell.product.resize(options.products);
  cells_.assign(options.classes * options.cutoffs.size(), cell);
  if (options.constraints == 0) return;
  Stays stays;
  for (auto* list : {&stays.alone, &stays.so_far, &stays.without})
    list->resize(options.constraints);
  stays_.assign(options.cutoffs.size() * (1 + options.products), stays);
}

void GradeTonnage::add_stays(const BlockPart& part, double whole, Stays& stays) const {
  stays.gross += whole;
  for (std::size_t c = 0; c < options_.constraints; ++c) {
    stays.alone[c] += whole * part.kept_alone[c];
    stays.so_far[c] += whole * part.kept_so_far[c];
    stays.without[c] += whole * part.kept_without[c];
  }
}

void GradeTonnage::add(const BlockPart& part) {
  const auto& cutoffs = options_.cutoffs;
  std::size_t at = cutoffs.size();
  while (at > 0 && !(part.grade >= cutoffs[at - 1] * inclusive)) --at;
  if (at-- == 0) return;
  const double whole = part.volume_m3 * part.density_t_m3;
  double kept = 1.0;
  if (options_.constraints > 0) {
    kept = part.kept_so_far[options_.constraints - 1];
    Stays* stays = &stays_[at * (1 + options_.products)];
    add_stays(part, whole, stays[0]);
    for (std::size_t p = 0; p < options_.products; ++p)
      if (!std::isnan(part.product[p])) add_stays(part, whole * part.product[p], stays[1 + p]);
  }
  if (!(kept > 0.0)) return;
  Cell& cell = cells_[part.class_index * cutoffs.size() + at];
  const double dry = whole * kept;
  cell.volume += part.volume_m3 * kept;
  cell.dry += dry;
  for (std::size_t p = 0; p < options_.products; ++p)
    if (!std::isnan(part.product[p])) cell.product[p] += dry * part.product[p];
  ++cell.blocks;
}

void GradeTonnage::merge(const GradeTonnage& other) {
  for (std::size_t c = 0; c < other.cells_.size(); ++c) {
    cells_[c].volume += other.cells_[c].volume;
    cells_[c].dry += other.cells_[c].dry;
    cells_[c].blocks += other.cells_[c].blocks;
    for (std::size_t p = 0; p < options_.products; ++p)
      cells_[c].product[p] += other.cells_[c].product[p];
  }
  for (std::size_t i = 0; i < stays_.size(); ++i) merge_stays(other.stays_[i], stays_[i]);
}

void GradeTonnage::merge_stays(const Stays& other, Stays& stays) const {
  stays.gross += other.gross;
  for (std::size_t c = 0; c < options_.constraints; ++c) {
    stays.alone[c] += other.alone[c];
    stays.so_far[c] += other.so_far[c];
    stays.without[c] += other.without[c];
  }
}

std::vector<CurveRow> GradeTonnage::curve(int class_index) const {
  const std::size_t n = options_.cutoffs.size();
  std::vector<CurveRow> rows(n);
  ExactSum volume, dry;
  std::vector<ExactSum> product(options_.products);
  std::size_t blocks = 0;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t c = 0; c < options_.classes; ++c) {
      if (class_index >= 0 && static_cast<std::size_t>(class_index) != c) continue;
      const Cell& cell = cells_[c * n + i];
      volume += cell.volume;
      dry += cell.dry;
      blocks += cell.blocks;
      for (std::size_t p = 0; p < options_.products; ++p) product[p] += cell.product[p];
    }
    CurveRow& row = rows[i];
    row.cutoff = options_.cutoffs[i];
    row.volume_m3 = volume.value();
    row.dry_t = dry.value();
    row.blocks = blocks;
    const double mined = (1.0 + options_.dilution) * (1.0 - options_.mining_loss);
    row.rock_t = row.dry_t * mined / (1.0 - options_.moisture);
    for (std::size_t p = 0; p < options_.products; ++p) {
      const double waste = p == 0 ? row.dry_t * options_.dilution * options_.dilution_grade : 0.0;
      row.product_t.push_back((product[p].value() + waste) * (1.0 - options_.mining_loss));
    }
    row.mean_grade = row.dry_t > 0.0 ? row.product_t[0] / (row.dry_t * mined)
                                     : std::numeric_limits<double>::quiet_NaN();
  }
  return rows;
}

Taken GradeTonnage::taken(const Stays& stays) const {
  const auto less = [](ExactSum from, const ExactSum& what) { return (from -= what).value(); };
  Taken taken;
  const ExactSum& net = stays.so_far.back();
  taken.gross_t = stays.gross.value();
  taken.net_t = net.value();
  for (std::size_t c = 0; c < options_.constraints; ++c) {
    taken.alone_t.push_back(less(stays.gross, stays.alone[c]));
    taken.in_order_t.push_back(less(c == 0 ? stays.gross : stays.so_far[c - 1], stays.so_far[c]));
    taken.marginal_t.push_back(less(stays.without[c], net));
  }
  return taken;
}

std::vector<SterilisedRow> GradeTonnage::sterilised() const {
  if (stays_.empty()) return {};
  const std::size_t cutoffs = options_.cutoffs.size(), kinds = 1 + options_.products;
  std::vector<SterilisedRow> rows(cutoffs);
  std::vector<Stays> sums(stays_.end() - static_cast<std::ptrdiff_t>(kinds), stays_.end());
  ExactSum dry;
  for (std::size_t i = cutoffs; i-- > 0;) {
    for (std::size_t k = 0; k < kinds && i + 1 < cutoffs; ++k)
      merge_stays(stays_[i * kinds + k], sums[k]);
    for (std::size_t c = 0; c < options_.classes; ++c) dry += cells_[c * cutoffs + i].dry;
    rows[i].rock = taken(sums[0]);
    rows[i].adds_up = sums[0].so_far.back() == dry;
    for (std::size_t k = 1; k < kinds; ++k) rows[i].product.push_back(taken(sums[k]));
  }
  return rows;
}

ProductColumn product_column(const std::string& name, const std::string& unit,
                             const std::string& form, OxideBasis basis) {
  ProductColumn product;
  product.name = name;
  const auto meaning = parse_grade_column(name);
  std::string said = unit;
  if (said.empty()) said = unit_of_field_name(name);
  if (said.empty() && meaning) said = meaning->unit;
  if (said.empty())
    throw Error("unit.missing", "the unit of column '" + printable(name) + "' is not known", name,
                "Say it: --field-unit " + printable(name) + "=% (or ppm).");
  product.factor = unit_factor(said, Dimension::grade, name);
  if (!meaning) {
    if (!form.empty())
      throw Error(
          "resources.form",
          "'" + printable(name) + "' is no column of one rare earth: it cannot be converted",
          "--form", "Give columns such as Nd_ppm or Nd2O3_pct.");
    product.key = lower(name.substr(0, name.rfind('_')));
    product.basis = "as column '" + name + "'";
    return product;
  }
  if (!meaning->element) {
    if (form == "element")
      throw Error("resources.form",
                  "'" + printable(name) + "' is a sum: its share of each element is not known",
                  "--form", "Give the columns of the elements.");
    product.key = meaning->sum;
    std::string upper = meaning->sum;
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    product.basis = std::string(meaning->form == GradeForm::oxide ? "oxide " : "element ") + upper;
    return product;
  }
  const RareEarth element = *meaning->element;
  product.rare_earth = static_cast<int>(element);
  const OxideBasis own = meaning->form == GradeForm::oxide ? meaning->basis : basis;
  const double oxide = oxide_factor(element, own);
  const bool is_oxide = meaning->form == GradeForm::oxide;
  const bool as_oxide = form.empty() ? is_oxide : form == "oxide";
  if (as_oxide && !is_oxide) product.factor *= oxide;
  if (!as_oxide && is_oxide) product.factor /= oxide;
  product.to_oxide = as_oxide ? 1.0 : oxide;
  const std::string symbol(rare_earths()[element].symbol);
  product.basis = as_oxide ? "oxide " + oxide_name(element, own) : "element " + symbol;
  product.key = lower(as_oxide ? oxide_name(element, own) : symbol);
  return product;
}

ProductValue value_of(const std::vector<double>& product_t,
                      const std::vector<ProductColumn>& products, const PriceTable& prices) {
  ProductValue value;
  for (std::size_t p = 0; p < products.size(); ++p) {
    if (products[p].rare_earth < 0) continue;
    const OxidePrice& price = prices.of[static_cast<std::size_t>(products[p].rare_earth)];
    const double oxide_t = product_t[p] * products[p].to_oxide;
    if (std::isnan(price.usd_per_t))
      value.unpriced_t += oxide_t;
    else
      value.usd += oxide_t * price.usd_per_t * price.payable * price.recovery;
  }
  return value;
}

void check_density(double density_t_m3, const std::string& name, std::size_t line) {
  if (std::isnan(density_t_m3) || (density_t_m3 > 0.0 && density_t_m3 <= 23.0)) return;
  throw Error("blocks.density", "a density of " + number_text(density_t_m3) + " t/m3 cannot be",
              line_text(name, line),
              "Densities are above 0 and up to 23 t/m3 (2700 kg/m3 is 2.7 t/m3).");
}

void check_grade(double grade, const std::string& column, const std::string& name,
                 std::size_t line) {
  if (std::isnan(grade) || (grade >= 0.0 && grade <= 1.0 + 1e-12)) return;
  throw Error("blocks.grade", "a grade of " + number_text(grade * 100.0) + " % cannot be",
              line_text(name, line) + ", column '" + printable(column) + "'",
              grade < 0.0 ? "Blank it with --missing when it means 'no value'."
                          : "Check its unit: ppm and % may be mixed up.");
}

void check_share(double share, const std::string& column, const std::string& name,
                 std::size_t line) {
  if (std::isnan(share) || (share >= 0.0 && share <= 1.0 + 1e-9)) return;
  throw Error("blocks.share", "a share of " + number_text(share) + " cannot be",
              line_text(name, line) + ", column '" + printable(column) + "'",
              "Shares of a block are 0 to 1.");
}

}  // namespace lode
