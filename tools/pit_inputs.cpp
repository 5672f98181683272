#include "tools/pit_inputs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/surface_files.h"

namespace lode::tools {

namespace {

constexpr std::size_t most_zones = 500;

// Reads one block after the other into the inputs.
class PitReader {
 public:
  PitReader(const PitPlan& plan, const std::string& name, PitInputs& inputs)
      : plan_(plan), name_(name), inputs_(inputs) {}

  void add(const BlockChunk& chunk, std::size_t r) {
    PitBlocks& blocks = inputs_.blocks;
    const double share = share_of(chunk, r);
    const double mass = mass_of(chunk, r);
    bool blank = std::isnan(mass) && plan_.has_mass();
    double revenue = 0.0, processing = 0.0, mining = 0.0, product = 0.0;
    for (std::size_t p = 0; p < plan_.products.size(); ++p) {
      const double grade = chunk.numbers[at(plan_.grade[p])][r] * plan_.products[p].factor;
      check_grade(grade, plan_.products[p].name, name_, chunk.line[r]);
      blank = blank || std::isnan(grade);
      const double recovered = mass * share * grade * plan_.recovery[p];
      product += recovered;
      revenue += recovered * plan_.price_usd_per_t[p];
      processing += recovered * plan_.selling_usd_per_t[p];
    }
    if (plan_.money == PitMoney::value) {
      const double value = chunk.numbers[at(plan_.value)][r] * plan_.value_factor;
      revenue = 0.0;
      processing = 0.0;
      mining = -value;
      blank = std::isnan(value);
    } else if (plan_.money == PitMoney::columns) {
      revenue = chunk.numbers[at(plan_.revenue)][r] * plan_.revenue_factor;
      processing = 0.0;
      mining = chunk.numbers[at(plan_.cost)][r] * plan_.cost_factor;
      blank = std::isnan(revenue) || std::isnan(mining);
    } else {
      processing += mass * share * plan_.processing_usd_per_t;
      mining = mass * plan_.mining_usd_per_t;
    }
    bool is_ore = plan_.money == PitMoney::value     ? mining < 0.0
                  : plan_.money == PitMoney::columns ? revenue > 0.0
                                                     : revenue > processing;
    double rock = mass;
    if (blank) {
      settle_blank(chunk.line[r], mass);
      revenue = processing = product = 0.0;
      is_ore = false;
      if (plan_.blank_is_air) mining = rock = 0.0;
      if (plan_.blank_is_waste) mining = mass * plan_.mining_usd_per_t;
    } else if (plan_.has_mass() && std::isnan(mass)) {
      no_mass(chunk.line[r]);
    }
    if (plan_.ore >= 0) is_ore = chunk.numbers[at(plan_.ore)][r] > 0.0;
    blocks.cell.push_back(static_cast<std::uint32_t>(cell_in(chunk, r)));
    blocks.revenue.push_back(revenue);
    blocks.processing.push_back(processing);
    blocks.mining.push_back(mining);
    blocks.ore.push_back(is_ore ? share : 0.0);
    if (plan_.has_mass()) blocks.rock_t.push_back(rock);
    if (plan_.has_mass() && !plan_.products.empty()) blocks.product_t.push_back(product);
  }

 private:
  static std::size_t at(int place) { return static_cast<std::size_t>(place); }

  std::string where(std::size_t line) const { return name_ + ", line " + std::to_string(line); }

  // The layout's grid may have been widened by waste; its axes are the same.
  std::size_t cell_in(const BlockChunk& chunk, std::size_t r) const {
    const BlockGrid& grid = inputs_.blocks.grid;
    const auto place = to_grid(grid, {chunk.x[r], chunk.y[r], chunk.z[r]});
    std::array<std::size_t, 3> ijk{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      ijk[axis] =
          static_cast<std::size_t>(std::clamp(std::floor(place[axis] / grid.spacing[axis]), 0.0,
                                              static_cast<double>(grid.count[axis] - 1)));
    return grid.index(ijk[0], ijk[1], ijk[2]);
  }

  double share_of(const BlockChunk& chunk, std::size_t r) const {
    if (plan_.share < 0) return 1.0;
    const double share = chunk.numbers[at(plan_.share)][r];
    check_share(share, plan_.numbers[at(plan_.share)], name_, chunk.line[r]);
    return std::isnan(share) ? 0.0 : std::min(share, 1.0);
  }

  double checked(double mass, std::size_t line) const {
    if (mass < 0.0 || mass > 1e15)
      throw Error("pit.no_mass", "a block cannot have a mass of " + number_text(mass) + " t",
                  where(line), "Mend the column, or leave the block out.");
    return mass;
  }

  double mass_of(const BlockChunk& chunk, std::size_t r) const {
    if (plan_.tonnage >= 0) {
      const double mass = chunk.numbers[at(plan_.tonnage)][r] * plan_.tonnage_factor;
      return checked(mass, chunk.line[r]);
    }
    double density = plan_.density_said;
    if (plan_.density >= 0) {
      density = chunk.numbers[at(plan_.density)][r] * plan_.density_factor;
      check_density(density, name_, chunk.line[r]);
    }
    return checked(density * chunk.dx[r] * chunk.dy[r] * chunk.dz[r], chunk.line[r]);
  }

  [[noreturn]] void no_mass(std::size_t line) const {
    throw Error("pit.no_mass", "a block has no density or mass", where(line),
                "Fill it in; or say what blocks with blanks are: --no-value air.");
  }

  void settle_blank(std::size_t line, double mass) {
    ++inputs_.blank;
    if (plan_.blank_is_air) return;
    if (!plan_.blank_is_waste)
      throw Error("pit.no_value", "a block has no value, grade or mass", where(line),
                  "Fill it in; or say what such blocks are: --no-value air, or waste.");
    if (std::isnan(mass)) no_mass(line);
  }

  const PitPlan& plan_;
  const std::string& name_;
  PitInputs& inputs_;
};

// Patterns of the blocks: one for all, by the words of a column, or by the angle of each block.
class ZoneReader {
 public:
  ZoneReader(const PitPlan& plan, std::map<std::string, SlopeZone> zones, const std::string& name)
      : plan_(plan), name_(name) {
    if (plan.slope >= 0) return;
    for (auto& [zone, slopes] : zones) {
      number_[zone] = static_cast<std::uint16_t>(list_.size());
      list_.push_back(std::move(slopes));
    }
  }
  [[nodiscard]] bool several() const { return plan_.slope >= 0 || !plan_.zone.empty(); }
  [[nodiscard]] const std::vector<SlopeZone>& zones() const { return list_; }

  std::uint16_t of(const BlockChunk& chunk, std::size_t r, const BlockFile& file) {
    const std::string where = name_ + ", line " + std::to_string(chunk.line[r]);
    if (plan_.slope < 0) {
      const std::string& word = file.words(0)[chunk.words[0][r]];
      const auto at = number_.find(word);
      if (at == number_.end())
        throw Error("pit.zones", "zone '" + printable(word) + "' has no slope", where,
                    "Give its rows in the table of --sectors.");
      return at->second;
    }
    const double slope = chunk.numbers[static_cast<std::size_t>(plan_.slope)][r];
    const auto known = angle_.find(slope);
    if (known != angle_.end()) return known->second;
    SlopeZone zone{{{0.0, slope}}};
    check_zone(zone, where.c_str());
    if (list_.size() >= most_zones)
      throw Error("pit.zones", "there are more than 500 slopes", where,
                  "Round them, e.g. to a degree.");
    angle_[slope] = static_cast<std::uint16_t>(list_.size());
    list_.push_back(zone);
    return angle_[slope];
  }

 private:
  const PitPlan& plan_;
  const std::string& name_;
  std::map<std::string, std::uint16_t> number_;
  std::map<double, std::uint16_t> angle_;
  std::vector<SlopeZone> list_;
};

double flattest(const std::vector<SlopeZone>& zones) {
  double angle = 90.0;
  for (const SlopeZone& zone : zones)
    for (const SlopeSector& sector : zone.sectors) angle = std::min(angle, sector.slope_deg);
  return angle;
}

// The grid up to a level, and as wide as walls from any of its blocks reach there.
BlockGrid widened(const BlockGrid& grid, double top_m, const std::vector<SlopeZone>& zones) {
  BlockGrid wide = grid;
  const double benches = std::ceil((top_m - grid.origin[2]) / grid.spacing[2] - 1e-9);
  if (benches > static_cast<double>(grid.count[2]))
    wide.count[2] = static_cast<std::size_t>(std::min(benches, 1e6));
  const double high = static_cast<double>(wide.count[2]);
  const double run = grid.spacing[2] / std::tan(flattest(zones) * std::numbers::pi / 180.0);
  std::array<double, 3> corner{0.0, 0.0, 0.0};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const double cells = zones.empty() ? high : std::ceil(high * run / grid.spacing[axis]) + 1.0;
    if (cells > 1e5)
      throw Error("pit.too_many", "the walls reach further than 100,000 blocks", "--waste-below",
                  "Give steeper slopes.");
    corner[axis] = -cells * grid.spacing[axis];
    wide.count[axis] += 2 * static_cast<std::size_t>(cells);
  }
  const auto place = from_grid(grid, corner);
  wide.origin = {place[0], place[1], grid.origin[2]};
  return wide;
}

// Reads the surface over the widened grid. How wide that is depends on how high the surface is.
TriangleMesh read_cover(const Arguments& arguments, const BlockLayout& layout,
                        const std::vector<SlopeZone>& zones, const BlockCrs& crs, BlockGrid& grid,
                        Outcome& outcome) {
  const std::string path = arguments.text("waste-below");
  BlockLayout wide = layout;
  double top = layout.grid.origin[2];
  for (int turn = 0; turn < 8; ++turn) {
    wide.grid = widened(layout.grid, top, zones);
    Outcome unused;
    const double found = bounds_of(read_surface_for(path, arguments, wide, crs, unused)).upper[2];
    if (found <= top) break;
    top = found;
  }
  grid = wide.grid;
  return read_surface_for(path, arguments, wide, crs, outcome);
}

// Cells that hold no block become waste as far as they lie below the surface.
void fill_waste(const Arguments& arguments, const Session& session, const TriangleMesh& mesh,
                const PitPlan& plan, PitInputs& inputs) {
  PitBlocks& blocks = inputs.blocks;
  const BlockGrid& grid = blocks.grid;
  const ColumnCutter cutter(mesh, ColumnCutter::Form::surface, grid);
  const GridShares shares(grid, cutter, session.jobs, session.progress.part(0.5, 0.6));
  std::vector<std::uint8_t> taken(grid.size(), 0);
  for (const std::uint32_t cell : blocks.cell) taken[cell] = 1;
  const double density = arguments.quantity("waste-density");
  inputs.column_uncovered.assign(grid.count[0] * grid.count[1], 0);
  for (std::size_t cell = 0; cell < grid.size(); ++cell) {
    const auto [i, j, k] = grid.ijk(cell);
    if (shares.covered(i, j) < 1.0) inputs.column_uncovered[i + grid.count[0] * j] = 1;
    const double share = shares.at(i, j, k);
    if (taken[cell] != 0 || !(share > 0.0)) continue;
    const double mass = share * grid.block_m3() * density;
    blocks.cell.push_back(static_cast<std::uint32_t>(cell));
    blocks.revenue.push_back(0.0);
    blocks.processing.push_back(0.0);
    blocks.mining.push_back(mass * plan.mining_usd_per_t);
    blocks.ore.push_back(0.0);
    if (plan.has_mass()) blocks.rock_t.push_back(mass);
    if (!blocks.product_t.empty()) blocks.product_t.push_back(0.0);
  }
}

void check_size(const BlockGrid& grid, std::size_t listed, const std::string& name) {
  const double cells = static_cast<double>(grid.count[0]) * static_cast<double>(grid.count[1]) *
                       static_cast<double>(grid.count[2]);
  // A few blocks far apart must not ask for gigabytes.
  const double most = std::min(268435456.0, 16777216.0 + 64.0 * static_cast<double>(listed));
  if (cells > most)
    throw Error("pit.too_many",
                "the grid around the blocks has " + number_text(cells) + " cells, for " +
                    std::to_string(listed) + " blocks",
                name, "Join the blocks into larger ones first: lode blocks reblock.");
}

void say_slopes(const Arguments& arguments, const std::vector<SlopeZone>& zones,
                PitInputs& inputs) {
  const std::string pattern = arguments.text("pattern");
  if (pattern != "cone") {
    inputs.precedence = neighbour_precedence(pattern == "1-9");
    inputs.slopes = pattern + " pattern";
    return;
  }
  const auto benches = static_cast<int>(arguments.integer("benches"));
  inputs.precedence = cone_precedence(inputs.blocks.grid, zones, benches);
  inputs.slopes = "cones of " + std::to_string(benches) + " benches, flattest slope " +
                  number_text(flattest(zones)) + " degrees";
}

}  // namespace

PitInputs read_pit_inputs(const Arguments& arguments, const Session& session, const PitPlan& plan,
                          const BlockLayout& layout, const BlockCrs& crs, BlockFile& file,
                          const Progress& progress, Outcome& outcome) {
  const std::string name = file.path();
  if (!layout.on_grid || !layout.regular)
    throw Error("pit.not_regular", "the blocks are not all of one size on one grid", name,
                "Bring them onto a grid of equal blocks first: lode blocks reblock.");
  PitInputs inputs;
  inputs.blocks.grid = layout.grid;
  inputs.blocks.selective = plan.money == PitMoney::computed;
  ZoneReader zones(plan, read_slope_zones(arguments, outcome), name);
  TriangleMesh cover;
  if (arguments.has("waste-below")) {
    const std::vector<SlopeZone> none;
    cover =
        read_cover(arguments, layout, arguments.text("pattern") == "cone" ? zones.zones() : none,
                   crs, inputs.blocks.grid, outcome);
  }
  check_size(inputs.blocks.grid, layout.blocks, name);
  PitReader reader(plan, name, inputs);
  OverlapWatch watch(layout, file);
  BlockChunk chunk;
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    for (std::size_t r = 0; r < chunk.size(); ++r) {
      reader.add(chunk, r);
      if (zones.several()) inputs.blocks.zone.push_back(zones.of(chunk, r, file));
    }
    progress.update(file.fraction(), "reading values");
  }
  watch.finish(progress);
  inputs.listed = inputs.blocks.cell.size();
  say_slopes(arguments, zones.zones(), inputs);
  if (arguments.has("waste-below")) {
    fill_waste(arguments, session, cover, plan, inputs);
    if (zones.several())
      inputs.blocks.zone.resize(inputs.blocks.cell.size(),
                                static_cast<std::uint16_t>(inputs.precedence.air));
  }
  return inputs;
}

}  // namespace lode::tools
