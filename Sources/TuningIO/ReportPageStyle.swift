/// The style sheet of a report: light and dark after the reader's settings, one column on a phone, light on paper.
enum ReportPageStyle {
  static let text =
    """
    :root{color-scheme:light dark;--bg:#fff;--ink:#1d2228;--soft:#5a6370;--line:#d9dee5;--card:#f6f8fa;--link:#0b5cad;\
    --good:#0a6b4c;--warn:#a33f00}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1rem;max-width:96rem;background:var(--bg);color:var(--ink);\
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:.4rem 0}h2{font-size:1.3rem;margin:2.2rem 0 .6rem;\
    border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{font-size:1.1rem;margin:1.5rem 0 .4rem}\
    h4,h5{font-size:1rem;margin:1rem 0 .3rem}
    .part>h2{font-size:1.5rem;margin-top:3rem;border-bottom-width:3px}
    p,li,figcaption{max-width:46rem}header p,.remark,figcaption,footer{color:var(--soft)}.remark{font-style:italic}
    a{color:var(--link)}.skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);\
    padding:.4rem}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:0;margin:.8rem 0}nav a{display:block;\
    padding:.3rem 0}
    .verdict{font-size:1.15rem;border-left:6px solid var(--good);background:var(--card);padding:.8rem 1rem;\
    margin:1rem 0;max-width:none}.verdict.doubt{border-color:var(--warn)}
    .findings{list-style:none;padding:0}.findings li{max-width:none;display:grid;grid-template-columns:5.2rem 1fr;gap:.4rem;\
    padding:.3rem 0;border-bottom:1px solid var(--line)}.good strong{color:var(--good)}\
    .warning strong{color:var(--warn)}.note strong{color:var(--soft)}
    .scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;font-size:.92rem;\
    font-variant-numeric:tabular-nums;overflow-wrap:normal}caption{text-align:left;font-weight:600;padding:.3rem 0}caption span{display:inline-block;position:sticky;\
    left:0;max-width:calc(100vw - 2.2rem)}\
    th,td{text-align:left;padding:.28rem .8rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:top}\
    thead th{white-space:nowrap}tbody th{font-weight:500;min-width:7.5rem}.n{text-align:right}td.n{white-space:nowrap}
    figure{margin:1.2rem 0 2rem}.panels{display:grid;gap:.8rem;\
    grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr))}\
    .panel{max-width:34rem}.panel:only-child{grid-column:1/-1;max-width:36rem}.panel svg{display:block;width:100%;height:auto}figcaption{font-size:.92rem;margin-top:.4rem}
    pre{overflow-x:auto;background:var(--card);padding:.7rem;font-size:.88rem;white-space:pre-wrap}
    footer{margin-top:3rem;border-top:1px solid var(--line);font-size:.85rem}
    @media screen and (prefers-color-scheme:dark){:root{--bg:#14181d;--ink:#e4e8ed;--soft:#a7b0bc;--line:#343b45;\
    --card:#1c222a;--link:#7db8f5;--good:#3ecf9a;--warn:#ff9b62}\(SVGColour.darkRules)}
    @media print{body{font-size:10pt;max-width:none;padding:0}nav,.skip{display:none}h2,h3,h4{break-after:avoid}\
    .panels{grid-template-columns:1fr 1fr}.panel,tr,li{break-inside:avoid}.scroll{overflow:visible}table{font-size:8pt}th,td{padding-right:.5rem}\
    .part{break-before:page}}
    """
}
