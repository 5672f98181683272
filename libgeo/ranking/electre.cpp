#include <algorithm>
#include <cmath>
#include <cstring>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/method_parts.h"

namespace lode::method_parts {

namespace {

constexpr std::size_t electre_limit = 10000;  // a credibility matrix of 800 MB

/// Concordance and discordance of "a at least as good as b" from d = b - a (oriented values).
double concordance(double d, double q, double p) {
  return d <= q ? 1.0 : d >= p ? 0.0 : (p - d) / (p - q);
}
double discordance(double d, double p, double v) {
  return d <= p ? 0.0 : d >= v ? 1.0 : (d - p) / (v - p);
}

using Lanes = double __attribute__((vector_size(16)));

inline Lanes lanes_at(const double* from) {
  Lanes x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
inline void put(const Lanes& x, double* to) {
  std::memcpy(to, &x, sizeof x);
}
inline Lanes within_one(const Lanes& x) {
  const Lanes zero{}, one = zero + 1.0, above = x > zero ? x : zero;
  return above < one ? above : one;
}

/// Credibility that `a` (one value a criterion) outranks each of `count` others, column-major.
class Outranking {
 public:
  Outranking(const PreparedMethod& p, const double* w) : p_(p), w_(w) {}

  void row(const std::vector<double>& a, const double* others, std::size_t count,
           double* sigma) const {
    const std::size_t m = p_.criteria.size();
    std::fill(sigma, sigma + count, 0.0);
    for (std::size_t j = 0; j < m; ++j) agree(j, a[j], others + j * count, count, sigma);
    // Rounding must not leave 1 - C slightly negative or C slightly above 1.
    for (std::size_t k = 0; k < count; ++k) sigma[k] = std::min(1.0, sigma[k]);
    if (!any_veto()) return;
    const std::vector<double> whole(sigma, sigma + count);
    for (std::size_t j = 0; j < m; ++j)
      if (!std::isnan(p_.v[j])) object(j, a[j], others + j * count, count, whole, sigma);
  }

 private:
  // These loops are most of the work: in lanes, without branches, which the values would take at
  // random, they give the bits of `concordance` and `discordance` in a fraction of the time.
  void agree(std::size_t j, double a, const double* b, std::size_t count, double* sigma) const {
    const double q = p_.q[j], p = p_.p[j], w = w_[j], reach = p - q;
    std::size_t k = 0;
    if (reach > 0.0)
      for (; k + 2 <= count; k += 2) {
        const Lanes share = within_one((p - (lanes_at(b + k) - a)) / reach);
        put(lanes_at(sigma + k) + w * share, sigma + k);
      }
    for (; k < count; ++k) sigma[k] += w * concordance(b[k] - a, q, p);
  }
  void object(std::size_t j, double a, const double* b, std::size_t count,
              const std::vector<double>& whole, double* sigma) const {
    const double p = p_.p[j], v = p_.v[j], reach = v - p;
    std::size_t k = 0;
    if (reach > 0.0)
      for (; k + 2 <= count; k += 2) {
        const Lanes d = within_one((lanes_at(b + k) - a - p) / reach), one = Lanes{} + 1.0;
        const Lanes agreed = lanes_at(whole.data() + k);
        // The quotient where discordance is the lesser, 0/0 among it, is not used.
        const Lanes factor = (1.0 - d) / (1.0 - agreed);
        put(lanes_at(sigma + k) * (d > agreed ? factor : one), sigma + k);
      }
    for (; k < count; ++k) {
      const double d = discordance(b[k] - a, p, v);
      if (d > whole[k]) sigma[k] *= (1.0 - d) / (1.0 - whole[k]);
    }
  }

  bool any_veto() const {
    return std::any_of(p_.v.begin(), p_.v.end(), [](double v) { return !std::isnan(v); });
  }
  const PreparedMethod& p_;
  const double* w_;
};

std::vector<double> site_values(const PreparedMethod& p, std::size_t site) {
  std::vector<double> row(p.criteria.size());
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = p.raw[j * p.sites + site];
  return row;
}

}  // namespace

void credibility(const PreparedMethod& p, const double* w, std::vector<double>& sigma) {
  const std::size_t n = p.sites;
  sigma.resize(n * n);
  const Outranking outranking(p, w);
  parallel_blocks(n, 64, p.options.jobs, [&](std::size_t from, std::size_t to, std::size_t) {
    for (std::size_t i = from; i < to; ++i)
      outranking.row(site_values(p, i), p.raw.data(), n, sigma.data() + i * n);
  });
}

namespace {

/// One distillation (Roy 1978; Figueira, Mousseau & Roy 2005). Among the sites left, a outranks b
/// at cut T = L - s(L), L the largest credibility left, when sigma(a,b) >= T and exceeds sigma(b,a)
/// by more than s(sigma(a,b)). T changes with L alone, so qualifications are kept up to date in
/// O(n) a removal; only ties look further down. Each row remembers its largest credibility, and its
/// largest below T, with how many cells hold it, so that most removals rescan nothing.
class Distillation {
 public:
  Distillation(const std::vector<double>& sigma, std::size_t n, double alpha, double beta,
               bool descending)
      : sigma_(sigma),
        n_(n),
        alpha_(alpha),
        beta_(beta),
        descending_(descending),
        left_(n),
        top_(n),
        below_(n) {
    for (std::size_t i = 0; i < n; ++i) left_[i] = i;
    for (const auto i : left_) top_[i] = largest_below(i, 2.0);
  }

  std::vector<std::vector<std::size_t>> classes() {
    std::vector<std::vector<std::size_t>> out;
    while (!left_.empty()) {
      refresh_cut();
      out.push_back(narrow(extremes(left_, qualification_)));
      for (const auto site : out.back()) remove(site);
    }
    return out;
  }

 private:
  struct Largest {
    double value = 0.0;
    std::size_t count = 0;
  };

  double at(std::size_t a, std::size_t b) const { return sigma_[a * n_ + b]; }
  double slack(double level) const { return alpha_ - beta_ * level; }
  bool outranks(std::size_t a, std::size_t b, double cut) const {
    return at(a, b) >= cut && at(a, b) > at(b, a) + slack(at(a, b));
  }

  Largest largest_below(std::size_t row, double cut) const {
    Largest found;
    for (const auto k : left_) {
      const double value = at(row, k);
      if (k == row || value >= cut || value < found.value) continue;
      if (value > found.value) found = {value, 0};
      ++found.count;
    }
    return found;
  }

  static double largest(const std::vector<Largest>& rows, const std::vector<std::size_t>& set) {
    double value = 0.0;
    for (const auto i : set) value = std::max(value, rows[i].value);
    return value;
  }

  void refresh_cut() {
    const double top = largest(top_, left_);
    const double cut = top - slack(top);
    if (cut == cut_ && !qualification_.empty()) return;
    cut_ = cut;
    qualification_ = qualify(left_, cut);
    for (const auto i : left_) below_[i] = largest_below(i, cut);
  }

  /// Strengths minus weaknesses, addressed by site.
  std::vector<long> qualify(const std::vector<std::size_t>& set, double cut) const {
    std::vector<long> q(n_, 0);
    for (const auto a : set)
      for (const auto b : set)
        if (a != b && outranks(a, b, cut)) ++q[a], --q[b];
    return q;
  }

  std::vector<std::size_t> extremes(const std::vector<std::size_t>& set,
                                    const std::vector<long>& q) const {
    long best = q[set.front()];
    for (const auto i : set) best = descending_ ? std::max(best, q[i]) : std::min(best, q[i]);
    std::vector<std::size_t> out;
    for (const auto i : set)
      if (q[i] == best) out.push_back(i);
    return out;
  }

  double level_below(const std::vector<std::size_t>& set, double cut) const {
    double level = 0.0;
    for (const auto a : set)
      for (const auto b : set)
        if (a != b && at(a, b) < cut) level = std::max(level, at(a, b));
    return level;
  }

  /// The next level is the largest credibility below the cut, within all sites left at first and
  /// within the tied ones after.
  std::vector<std::size_t> narrow(std::vector<std::size_t> tied) const {
    if (tied.size() < 2) return tied;
    double level = largest(below_, left_);
    while (tied.size() > 1 && level > 0.0) {
      const double next = level - slack(level);
      const double below = level_below(tied, next);  // of the set before it is narrowed
      tied = extremes(tied, qualify(tied, next));
      level = below;
    }
    return tied;
  }

  void remove(std::size_t site) {
    left_.erase(std::find(left_.begin(), left_.end(), site));
    for (const auto i : left_) {
      if (outranks(i, site, cut_)) --qualification_[i];
      if (outranks(site, i, cut_)) ++qualification_[i];
      const double gone = at(i, site);
      if (gone == top_[i].value && top_[i].count > 0 && --top_[i].count == 0)
        top_[i] = largest_below(i, 2.0);
      if (gone == below_[i].value && below_[i].count > 0 && --below_[i].count == 0)
        below_[i] = largest_below(i, cut_);
    }
  }

  const std::vector<double>& sigma_;
  std::size_t n_;
  double alpha_, beta_;
  bool descending_;
  std::vector<std::size_t> left_;
  std::vector<Largest> top_, below_;
  double cut_ = 2.0;
  std::vector<long> qualification_;
};

}  // namespace

std::vector<double> distil(const std::vector<double>& sigma, std::size_t n, double alpha,
                           double beta, bool descending) {
  const auto classes = Distillation(sigma, n, alpha, beta, descending).classes();
  std::vector<double> place(n, 0.0);
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (const auto site : classes[c])
      place[site] = static_cast<double>(descending ? c + 1 : classes.size() - c);
  return place;
}

namespace {

void fill_profiles(PreparedMethod& p, const std::vector<double>& columns) {
  std::size_t count = 0;
  std::string from;
  for (const auto& c : p.criteria) {
    if (c.profiles.empty()) continue;
    if (count != 0 && c.profiles.size() != count)
      throw Error("ranking.profiles",
                  "'" + c.name + "' has " + std::to_string(c.profiles.size()) + " profiles, '" +
                      from + "' has " + std::to_string(count),
                  c.name, "State as many limits for every criterion.");
    count = c.profiles.size();
    from = c.name;
  }
  if (count == 0) count = 2;
  p.profiles.assign(count, std::vector<double>(p.criteria.size()));
  for (std::size_t j = 0; j < p.criteria.size(); ++j) {
    const Criterion& c = p.criteria[j];
    const Bounds bounds = bounds_of(c, columns.data() + j * p.sites, p.sites);
    const double one = oriented(c, bounds.lo), other = oriented(c, bounds.hi);
    const double low = std::min(one, other), high = std::max(one, other);
    for (std::size_t h = 0; h < count; ++h)
      p.profiles[h][j] = c.profiles.empty() ? low + (high - low) * static_cast<double>(h + 1) /
                                                        static_cast<double>(count + 1)
                                            : oriented(c, c.profiles[h]);
    if (c.profiles.empty())
      p.findings.add("ranking.default_profiles", Severity::note, c.name,
                     "no category limits are stated: they cut the scale into equal parts");
  }
}

}  // namespace

void prepare_electre(PreparedMethod& p, const std::vector<double>& columns) {
  const std::size_t n = p.sites, m = p.criteria.size();
  if (p.options.method == Method::electre3 && n > electre_limit)
    throw Error("ranking.too_large",
                "ELECTRE III compares every pair: " + std::to_string(n) + " sites are more than " +
                    std::to_string(electre_limit),
                "method", "Screen first, or use promethee2, which ranks a million sites.");
  p.raw.resize(n * m);
  for (std::size_t j = 0; j < m; ++j) {
    const Criterion& c = p.criteria[j];
    p.q.push_back(std::isnan(c.q) ? 0.0 : threshold(c, c.q));
    p.p.push_back(std::isnan(c.p) ? p.q.back() : threshold(c, c.p));
    p.v.push_back(std::isnan(c.v) ? not_stated : threshold(c, c.v));
    if (std::isnan(c.q) && std::isnan(c.p))
      p.findings.add("ranking.default_threshold", Severity::note, c.name,
                     "no thresholds q and p are stated: any difference counts in full");
    for (std::size_t i = 0; i < n; ++i) {
      p.raw[j * n + i] = oriented(c, columns[j * n + i]);
      if (!std::isfinite(p.raw[j * n + i])) refuse_value(c, columns[j * n + i]);
    }
  }
  if (p.options.method == Method::electre_tri) fill_profiles(p, columns);
}

namespace {

struct Assignment {
  std::vector<std::size_t> category;
  std::vector<double> credibility;  ///< sites x profiles
};

/// ELECTRE TRI-B (Yu 1992): pessimistic takes the highest profile that the site outranks;
/// optimistic the lowest profile that is preferred to it.
Assignment assign(const PreparedMethod& p, const double* w) {
  const std::size_t n = p.sites, k = p.profiles.size();
  const Outranking outranking(p, w);
  Assignment out;
  out.category.assign(n, p.options.optimistic ? k : 0);
  out.credibility.resize(n * k);
  std::vector<double> over(n);
  const double cut = p.options.electre_cut - 1e-12;
  for (std::size_t h = 0; h < k; ++h) {
    outranking.row(p.profiles[h], p.raw.data(), n, over.data());  // profile over site
    for (std::size_t i = 0; i < n; ++i) {
      double own = 0.0;
      outranking.row(site_values(p, i), p.profiles[h].data(), 1, &own);
      out.credibility[i * k + h] = own;
      const bool preferred = over[i] >= cut && own < cut;
      if (!p.options.optimistic && own >= cut) out.category[i] = h + 1;
      if (p.options.optimistic && preferred && out.category[i] == k) out.category[i] = h;
    }
  }
  return out;
}

std::vector<double> mean_places(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> mean(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) mean[i] = 0.5 * (a[i] + b[i]);
  return mean;
}

}  // namespace

void electre_merits(const PreparedMethod& p, const double* w, double* merit) {
  if (p.options.method == Method::electre_tri) {
    const auto assigned = assign(p, w);
    for (std::size_t i = 0; i < p.sites; ++i) merit[i] = static_cast<double>(assigned.category[i]);
    return;
  }
  // Draws call this again and again: the matrix is kept, as long as it is not large.
  constexpr std::size_t kept_cells = std::size_t{1} << 22;
  thread_local std::vector<double> sigma;
  credibility(p, w, sigma);
  const auto mean =
      mean_places(distil(sigma, p.sites, p.options.electre_alpha, p.options.electre_beta, true),
                  distil(sigma, p.sites, p.options.electre_alpha, p.options.electre_beta, false));
  for (std::size_t i = 0; i < p.sites; ++i) merit[i] = -mean[i];
  if (sigma.size() > kept_cells) std::vector<double>().swap(sigma);
}

void electre_score(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  out.contributions.assign(n * m, 0.0);
  if (p.options.method == Method::electre_tri) {
    auto assigned = assign(p, w.data());
    out.category = std::move(assigned.category);
    out.credibility = std::move(assigned.credibility);
    const double profiles = static_cast<double>(p.profiles.size());
    for (std::size_t i = 0; i < n; ++i) {
      out.score.push_back(static_cast<double>(out.category[i]));
      for (std::size_t j = 0; j < m; ++j)
        for (const auto& profile : p.profiles)
          out.contributions[i * m + j] +=
              w[j] * concordance(profile[j] - p.raw[j * n + i], p.q[j], p.p[j]) / profiles;
    }
    out.merit = out.score;
    return;
  }
  std::vector<double> sigma;
  credibility(p, w.data(), sigma);
  out.descending = distil(sigma, n, p.options.electre_alpha, p.options.electre_beta, true);
  out.ascending = distil(sigma, n, p.options.electre_alpha, p.options.electre_beta, false);
  out.score = mean_places(out.descending, out.ascending);
  out.lower_is_better = true;
  for (const double place : out.score) out.merit.push_back(-place);
  const double others = n > 1 ? static_cast<double>(n - 1) : 1.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      double sum = 0.0;
      for (std::size_t k = 0; k < n; ++k)
        if (k != i) sum += concordance(p.raw[j * n + k] - p.raw[j * n + i], p.q[j], p.p[j]);
      out.contributions[i * m + j] = w[j] * sum / others;
    }
  if (n > kept_relations) return;
  out.credibility = std::move(sigma);
  // The intersection of both orders; places count from the best, so they are turned around.
  std::vector<double> up(out.descending);
  for (auto& place : up) place = -place;
  out.relation = relation_of(up, out.ascending);
}

}  // namespace lode::method_parts
