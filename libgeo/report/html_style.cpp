// The page's style sheet and script, the only ones its content policy lets run.
#include "libgeo/report/html_parts.h"

namespace lode::report {

std::string_view page_style() {
  return R"css(
:root{--bg:#fcfcfb;--card:#fff;--k:#1d242c;--k2:#5b6672;--ln:#e1e5e9;--soft:#f2f4f6;--ac:#1f5fae;
--d:#1f5fae;--a:#12907a;--o:#c8622d;--u:#7d8792;--wb:#fdf6e3;--wl:#e2c36a;--err:#b3372b;--wrn:#a06a00;--ca:#8a5200}
*{box-sizing:border-box}
p,li,dd,h3,h4,summary,figcaption{overflow-wrap:anywhere}
html{scroll-behavior:smooth;scroll-padding-top:3.2rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--k);font:16px/1.55 "Source Sans 3","Source Sans Pro","Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
.page{max-width:1088px;margin:0 auto;padding:0 24px 64px}
a{color:var(--ac);text-decoration-thickness:1px;text-underline-offset:2px}
h1,h2{font-family:"Source Serif 4","Source Serif Pro",Charter,"Iowan Old Style",Georgia,"Liberation Serif","DejaVu Serif",serif;font-weight:600;line-height:1.18;letter-spacing:-.01em;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:clamp(1.75rem,4.6vw,2.7rem);margin:.1em 0 .35em}
h2{font-size:1.55rem;margin:0 0 .3em}
h3{font-size:1.08rem;margin:2em 0 .25em}
h4{font-size:.95rem;margin:1.4em 0 .3em}
header{padding:44px 0 16px}
.over{margin:0;text-transform:uppercase;letter-spacing:.12em;font-size:.78rem;font-weight:600;color:var(--k2)}
.meta{margin:0;color:var(--k2);font-size:.92rem;display:flex;flex-wrap:wrap;gap:.1em 1.4em}
nav{position:sticky;top:0;z-index:2;display:flex;gap:1.4em;overflow-x:auto;background:var(--bg);border-bottom:1px solid var(--ln);padding:.6em 0;font-size:.92rem}
nav a{text-decoration:none;color:var(--k2);white-space:nowrap}
nav a:hover{color:var(--ac)}
section{margin:56px 0 0}
.answer{margin-top:32px}
.answer p{font-size:1.2rem;line-height:1.5;margin:0 0 .7em;max-width:46em;text-wrap:pretty}
.answer a{color:inherit;text-decoration-color:var(--k2)}
.lead{color:var(--k2);margin:.1em 0 1em;max-width:46em}
.callout{background:var(--wb);border-left:4px solid var(--wl);border-radius:4px;padding:.75em 1em;margin-top:1.4em;max-width:56em;font-size:.95rem}
.callout+figure,.callout+h4{margin-top:1.4em}
.callout ul{margin:.3em 0 .2em;padding-left:1.2em}
.say{font-size:1.12rem;line-height:1.5;max-width:46em;margin:.2em 0 .6em;text-wrap:pretty}
.pros{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 36px;margin:0 0 22px}
.pros ul,.said{margin:.2em 0 .4em;padding-left:1.15em;font-size:.95rem}
.pros li,.said li{margin:.15em 0;overflow-wrap:anywhere}
.said{max-width:60em;margin-bottom:1.2em}
.pair>div,.pair>figure{margin-left:2px}
.pair[open]{border-bottom:1px solid var(--ln);padding-bottom:14px}
.flips td:nth-child(2),.flips td:nth-child(4){color:var(--k2)}
.flips small,.lab small{color:var(--k2)}
.no{color:var(--k2)}
.ca{color:var(--ca)}.nm small.ca{display:block;color:var(--ca)}.nm small b{display:inline;font-weight:700}
.facts.tight{grid-template-columns:repeat(auto-fill,minmax(150px,1fr));margin:.6em 0 .8em;gap:8px 22px;font-size:.92rem}
.facts.tight small{display:block;color:var(--k2);line-height:1.3}
.risk{display:inline-block;width:84px;height:11px;vertical-align:-1px;margin-right:6px}
.sup th{white-space:normal}.sup td:first-child{min-width:7.5rem}
.deps td{vertical-align:middle}.deps td:first-child{min-width:8.5rem}.deps th{white-space:normal}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:28px 0 0}
.tiles.four{grid-template-columns:repeat(4,minmax(0,1fr))}
.tile{background:var(--card);border:1px solid var(--ln);border-radius:8px;padding:14px 16px 12px;display:flex;flex-direction:column;min-width:0}
.tile b{font-size:1.6rem;line-height:1.2;font-weight:650;letter-spacing:-.01em}
.tile span{font-size:.93rem;line-height:1.35}
.tile small{color:var(--k2);font-size:.82rem}
figure{margin:0 0 8px}
figcaption,.src{color:var(--k2);font-size:.86rem}
figcaption{margin-top:.4em}
svg{display:block;width:100%;height:auto}
svg text{font-family:inherit}
svg a{text-decoration:none}
svg .halo{paint-order:stroke;stroke:#f4f6f5;stroke-width:3.2px;stroke-linejoin:round}
svg .hit{pointer-events:all}
.pt:hover .bg{opacity:.6}
svg a:focus-visible{outline:2px solid var(--ac)}
.narrow{display:none}
.layers>label{margin:0 1.2em 0 .35em;font-size:.9rem;color:var(--k2);cursor:pointer}
.layers>input{accent-color:var(--ac);vertical-align:-1px}
.layers>figure{margin-top:.6em}
.t-y-ro:not(:checked)~figure .y-ro,.t-y-rr:not(:checked)~figure .y-rr,.t-y-rs:not(:checked)~figure .y-rs,.t-y-ch:not(:checked)~figure .y-ch,.t-y-su:not(:checked)~figure .y-su,.t-y-cn:not(:checked)~figure .y-cn,.t-y-nw:not(:checked)~figure .y-nw,.t-y-pm:not(:checked)~figure .y-pm,.t-y-na:not(:checked)~figure .y-na{display:none}
.haul td:nth-child(n+4){text-align:right;white-space:nowrap}.haul td:nth-child(7),.haul th:nth-child(7){text-align:left}
.haul .rng{display:inline-block;width:92px;height:10px;vertical-align:-1px;margin-left:8px}
.gates td:first-child{white-space:nowrap}
.strip{display:inline-block;width:108px;height:11px}
.bs{fill:var(--soft)}.bl{fill:var(--ln)}.br{fill:var(--ac);opacity:.42}.bm{fill:var(--k)}.on{fill:var(--a)}.off{fill:var(--ln)}
.mro{fill:#b0672f}.mrr{fill:#6a58a8}.mrs{fill:#2a7fb0}.mtr{fill:#8a939c}.mot{fill:#c9a23a}
.stack{height:16px;border-radius:3px}
.key{display:flex;flex-wrap:wrap;gap:.2em 1.2em;font-size:.84rem;color:var(--k2);margin:.4em 0 1em}
.key svg{display:inline-block;width:11px;height:11px;margin-right:.4em}
.way{border-bottom:1px solid var(--ln)}
.way>summary{cursor:pointer;padding:9px 4px;display:grid;grid-template-columns:minmax(0,2fr) minmax(120px,3fr) 12.5rem;gap:0 14px;align-items:center;list-style:none}
.way>summary::-webkit-details-marker{display:none}
.way>summary:hover{background:var(--soft)}
.way>summary b{font-weight:600}
.way>summary small{color:var(--k2);display:block}
.way>summary .sum{text-align:right}
.way>div{padding:2px 4px 16px}
.year{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:3px;margin:.3em 0 .5em}
.year span{border-radius:4px;padding:.2em .1em;text-align:center;font-size:.84rem;background:var(--soft);border:1px solid var(--ln)}
.year i{display:block;font-style:normal;color:var(--k2);font-size:.76rem}
.year .shut{color:var(--k2);background:repeating-linear-gradient(45deg,var(--soft),var(--soft) 4px,var(--ln) 4px,var(--ln) 6px)}
.steps{display:flex;flex-wrap:wrap;gap:8px;list-style:none;margin:.4em 0 .6em;padding:0}
.steps .go{display:flex;align-items:stretch;max-width:100%}
.steps .at{border:1px solid var(--ln);border-radius:8px;background:var(--card);padding:7px 11px;font-size:.86rem;line-height:1.35;max-width:15rem}
.steps .at b{display:block}
.steps small{color:var(--k2);display:block}
.steps .mv{padding:7px 9px;text-align:center;color:var(--k2);font-size:.86rem;line-height:1.35;max-width:11rem}
.steps .mv::before{content:"\2192";display:block;font-size:1.25rem;line-height:1;color:var(--ac)}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
th{text-align:left;font-weight:600;color:var(--k2);font-size:.82rem;padding:.35em .8em .35em 0;border-bottom:1px solid var(--ln);vertical-align:bottom}
td{padding:.38em .8em .38em 0;border-bottom:1px solid var(--ln);vertical-align:top;overflow-wrap:anywhere}
.n,.numbers th:nth-child(2),.numbers th:nth-child(3),.numbers th:nth-child(4),.cons td:nth-child(3),.cons td:nth-child(4),.numbers td:nth-child(2),.numbers td:nth-child(3),.numbers td:nth-child(4),.legs td:nth-child(n+4),.legs .sum td:nth-child(n+2){text-align:right;white-space:nowrap}
.numbers{table-layout:fixed}
.numbers th:nth-child(1){width:26%}.numbers th:nth-child(2){width:13%}.numbers th:nth-child(3){width:18%}.numbers th:nth-child(4){width:11%}
.numbers th,.numbers td:nth-child(n+2){white-space:normal}
.near{width:min(100%,460px);margin:.3em 0 .4em}
td.n:last-child,th.n:last-child{padding-right:0}
code{font:.82em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;color:var(--k2);overflow-wrap:anywhere}
.hash{font-size:.72em}
.slim{width:auto;min-width:50%}
.sum td{font-weight:600}
.bar{height:8px;width:100%;min-width:50px;border-radius:2px}
.head,.site>summary{display:grid;grid-template-columns:3rem minmax(0,2.6fr) 6.2rem 8.4rem minmax(90px,1.2fr) 5.4rem 4.6rem;gap:0 12px;align-items:center}
.head{color:var(--k2);font-size:.82rem;font-weight:600;border-bottom:1px solid var(--ln);padding:0 12px .35em}
.rk,.rr,.fa{text-align:right}
.site{border-bottom:1px solid var(--ln)}
.site>summary{list-style:none;cursor:pointer;padding:9px 12px;font-size:.94rem;line-height:1.3}
.site>summary::-webkit-details-marker{display:none}
.site>summary:hover{background:var(--soft)}
.site[open]{background:var(--card);border:1px solid var(--ln);border-radius:8px;margin:8px 0;box-shadow:0 1px 6px rgba(20,30,40,.07)}
.site[open]>summary{border-bottom:1px solid var(--ln)}
.site .rk{font-weight:650}
.nm{position:relative;padding-left:22px;overflow-wrap:anywhere}
.nm b{font-weight:600;display:block}
.nm small{color:var(--k2);font-size:.85em}
.sign{position:absolute;left:0;top:.28em;width:11px;height:11px;border-radius:50%}
.sign.dia{border-radius:2px;transform:rotate(45deg);width:10px;height:10px}
.sign.d{background:var(--d)}.sign.a{background:var(--a)}.sign.o{background:var(--o)}.sign.u{background:var(--u)}
.gp,.kd{color:var(--k2)}
.site .gp,.site .kd{font-size:.88em}
.sc{display:grid;grid-template-columns:1fr 3.4em;gap:8px;align-items:center}
.sc small{font-size:.85em;color:var(--k2);text-align:right}
.body{padding:4px 16px 18px}
.body p{margin:.3em 0 .7em;font-size:.92rem}
.body p.src{font-size:.86rem;margin:.8em 0 1em}
.draws{height:54px;width:min(100%,560px);margin:.2em 0 .3em}
.extra td:first-child{color:var(--k2)}
.numbers td:nth-child(5){color:var(--k2);font-size:.86rem;padding-left:.8em}.numbers th:nth-child(5){padding-left:1em}
.tools{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 14px}
.tools:empty{display:none}
.tools input,.tools select,.tools button{font:inherit;font-size:.9rem;color:var(--k);background:var(--card);border:1px solid var(--ln);border-radius:6px;padding:.35em .7em}
.tools input{flex:1 1 14em;min-width:0}
.tools button{cursor:pointer}
.plain>summary,.rest>summary{cursor:pointer;padding:.5em 0;font-weight:600}
.plain>summary small{color:var(--k2);font-weight:400}
.sev{display:inline-block;min-width:1.9em;text-align:center;border-radius:1em;padding:0 .5em;color:#fff;background:var(--u);font-size:.88em}
.sev.error{background:var(--err)}.sev.warning{background:var(--wrn)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:10px 24px;margin:0 0 24px}
.facts div:last-child:nth-child(n+8){grid-column:1/-1}.facts.tight div:last-child{grid-column:auto}
.facts dt{color:var(--k2);font-size:.82rem}
.facts dd{margin:0}
.criteria td:last-child{width:18%;vertical-align:middle}
footer{margin-top:64px;padding-top:16px;border-top:1px solid var(--ln);color:var(--k2);font-size:.86rem}
@media (max-width:980px){
.kd{display:none}
.head,.site>summary{grid-template-columns:2.4rem minmax(0,2fr) 5rem minmax(90px,1fr) 4.6rem 4rem;gap:0 10px}
}
@media screen and (max-width:760px){
.page{padding:0 14px 40px}
header{padding:26px 0 12px}
.answer p{font-size:1.08rem}
section{margin-top:44px}
.tiles,.tiles.four{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
.tile{padding:10px 12px}.tile b{font-size:1.3rem}
.wide{display:none}.narrow{display:block}
.head{display:none}
.site>summary{grid-template-columns:1.9rem minmax(0,1fr) 4.6rem;padding:9px 4px}
.gp{display:none}
.sc{grid-column:2;grid-row:2;grid-template-columns:1fr 3.4em}
.rr{grid-column:3;grid-row:1;font-size:.86em;color:var(--k2)}
.fa{grid-column:3;grid-row:2;font-size:.86em}
.body{padding:8px 10px 14px}
thead{display:none}
table,tbody{display:block}
tr{display:block;padding:.5em 0;border-bottom:1px solid var(--ln)}
td,.cons td:nth-child(3),.cons td:nth-child(4),.numbers td:nth-child(2),.numbers td:nth-child(3),.numbers td:nth-child(4),.legs td:nth-child(n+4),.legs .sum td:nth-child(n+2){display:inline-block;border:0;padding:.05em 1em .05em 0;text-align:left}
td:first-child{display:block;font-weight:600;padding-right:0}
.numbers td:nth-child(5){display:block;padding-left:0}
td:empty,.numbers td:empty{display:none}
.numbers td:nth-child(3):not(:empty)::before{content:"10\2013 90 %: "}
.numbers td:nth-child(4):not(:empty)::before{content:"adds "}
.findings td:first-child::after{content:" \00d7"}
.legs td:nth-child(4)::after,.legs .sum td:nth-child(2)::after{content:" km"}
.legs td:nth-child(5)::after,.legs .sum td:nth-child(3)::after{content:" h"}
.legs td:nth-child(6)::after{content:" USD/t"}
.legs td:nth-child(7):not(:empty)::before{content:"from "}
.legs td:nth-child(8)::after{content:" kg CO2e/t"}
.legs .sum td:nth-child(4)::after{content:" USD/t"}
.legs .sum td:nth-child(6)::after{content:" kg CO2e/t"}
.way>summary{grid-template-columns:minmax(0,1fr)}.way>summary .sum{text-align:left}
.year{grid-template-columns:repeat(6,minmax(0,1fr))}
.steps,.steps .go{flex-direction:column}.steps .at{max-width:none}
.steps .mv::before{content:"\2193"}
.haul td:nth-child(n+4){text-align:left;display:inline-block;border:0;padding:.05em 1em .05em 0}
.haul td:nth-child(5)::after{content:" per kg"}.haul td:nth-child(6)::after{content:" km"}
.cons td:nth-child(3)::before{content:"overlap "}
.cons td:nth-child(4)::before{content:"nearest "}
.lab td[data-l]::before{content:attr(data-l) " ";color:var(--k2)}
.pros{grid-template-columns:minmax(0,1fr)}
.lab .risk{width:60px}
.criteria td:last-child{display:block;width:100%}
}
@media screen and (prefers-color-scheme:dark){
:root{--bg:#10151b;--card:#161c23;--k:#e8ebee;--k2:#a3adb8;--ln:#2a323b;--soft:#1a2129;--ac:#7db2f2;
--d:#5b9bea;--a:#2fc0a4;--o:#ea8a55;--u:#97a1ac;--wb:#2a2413;--wl:#9c7c1e;--err:#c9473a;--wrn:#a9760d;--ca:#e5b04a}
svg .halo{stroke:#141c24}
}
@media print{
:root{--bg:#fff}
body{font-size:10.5pt}
.page{max-width:none;padding:0}
nav,.tools,.layers>input,.layers>label,.head{display:none}
.tiles,.tiles.four{grid-template-columns:repeat(4,minmax(0,1fr))}
.answer p{font-size:12.5pt}
section{margin-top:24pt}
.plain:not([open])>summary small{display:inline}
.pros{gap:0 24pt}
h2,h3,h4,.lead{break-after:avoid}
figure,.tile,tr,.site>summary{break-inside:avoid}
a{color:inherit;text-decoration:none}
.site[open]{box-shadow:none}
}
)css";
}

std::string_view page_script() {
  // Sorting, filtering and opening a row that was linked to. The page is whole without it.
  return R"js(/*<![CDATA[*/
(function () {
  "use strict";
  var rows = document.getElementById("rows"), tools = document.getElementById("tools");
  function reveal() {
    var id = location.hash.slice(1), row = id ? document.getElementById(id) : null;
    if (!row) return;
    var fold = row.closest("details");
    if (fold) fold.open = true;
    row.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href^='#s']") : null;
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  if (rows && rows.children.length > 1) {
    var all = Array.prototype.slice.call(rows.children);
    function make(tag, label) {
      var element = document.createElement(tag);
      element.setAttribute("aria-label", label);
      tools.appendChild(element);
      return element;
    }
    function options(select, list) {
      list.forEach(function (one) {
        var option = document.createElement("option");
        option.value = one[0];
        option.textContent = one[1];
        select.appendChild(option);
      });
    }
    var find = make("input", "Find a site");
    find.type = "search";
    // HTML's own name for the hint that stands in an empty box.
    find.placeholder = "Find a site or country";
    var group = make("select", "Group");
    options(group, [["", "All groups"], ["d", "Domestic"], ["a", "Allied"], ["o", "Other"]]);
    var kind = make("select", "Kind");
    options(kind, [["", "Mines and recycling"], ["m", "Mines and deposits"], ["r", "Recycling"]]);
    var order = make("select", "Order");
    options(order, [["r", "By rank"], ["f", "By first place"], ["w", "By spread of ranks"], ["n", "By name"]]);
    var count = document.createElement("button");
    count.type = "button";
    tools.appendChild(count);
    var names = all.map(function (row) { return row.querySelector(".nm").textContent.toLowerCase(); });
    function update() {
      var words = find.value.trim().toLowerCase(), seen = 0;
      all.forEach(function (row, i) {
        var fits = (!group.value || row.dataset.g === group.value) &&
          (!kind.value || row.dataset.k === kind.value) && names[i].indexOf(words) >= 0;
        row.hidden = !fits;
        if (fits) seen += 1;
      });
      count.textContent = seen === all.length ? "Unfold all" : "Unfold " + seen;
    }
    function sort() {
      var by = order.value, index = all.map(function (_, i) { return i; });
      index.sort(function (i, j) {
        var a = all[i].dataset, b = all[j].dataset, d = 0;
        if (by === "n") d = names[i] < names[j] ? -1 : names[i] > names[j] ? 1 : 0;
        else if (by === "f") d = Number(b.f) - Number(a.f);
        else if (by === "w") d = Number(b.w) - Number(a.w);
        return d || Number(a.r) - Number(b.r) || i - j;
      });
      index.forEach(function (i) { rows.appendChild(all[i]); });
    }
    [find, group, kind].forEach(function (part) { part.addEventListener("input", update); });
    order.addEventListener("input", sort);
    count.addEventListener("click", function () {
      var seen = all.filter(function (row) { return !row.hidden; });
      var open = seen.some(function (row) { return !row.open; });
      seen.forEach(function (row) { row.open = open; });
    });
    update();
  }
  reveal();
}());
/*]]>*/)js";
}

}  // namespace lode::report
