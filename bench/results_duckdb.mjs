// The same query in DuckDB: node results_duckdb.mjs HOME FORMAT FILE RUNS
// HOME holds node_modules. Prints one JSON object: the best time in seconds of the query alone (the
// database is in memory, all cores, only the needed columns are converted), and its answer.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

const [home, format, file, runs] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(`${home}/`)('@duckdb/node-api');

const SHARES = [0.5, 0.9, 0.95, 0.99];
const JTL = 'timeStamp elapsed label responseCode responseMessage threadName dataType success ' +
  'failureMessage bytes sentBytes grpThreads allThreads URL Latency IdleTime Connect';
const K6 = 'metric_name timestamp metric_value check error error_code expected_response group ' +
  'method name proto scenario service status subproto tls_version url extra_tags metadata';

const csv = (columns, types) => {
  const list = columns.split(' ').map((name) => `'${name}': '${types[name] ?? 'VARCHAR'}'`);
  return `read_csv('${file}', header = true, auto_detect = false, delim = ',', quote = '"',
    escape = '"', new_line = '\\n', columns = {${list.join(', ')}})`;
};

// JMeter's rank is round(n x p) with p as a float of 32 bits. Whole milliseconds: a histogram is the
// quickest way to it, well ahead of a sort.
const jtl = `
  WITH histogram AS (
    SELECT elapsed, count(*) AS n, count(*) FILTER (NOT success) AS failed
    FROM ${csv(JTL, { elapsed: 'INTEGER', success: 'BOOLEAN' })} GROUP BY elapsed),
  ranked AS (
    SELECT *, sum(n) OVER (ORDER BY elapsed) AS upto, sum(n) OVER () AS total FROM histogram)
  SELECT sum(n) AS requests, sum(failed) AS failed, sum(n * elapsed) / sum(n) AS avg,
    min(elapsed) AS min, max(elapsed) AS max,
    [${SHARES.map((p) => `min(elapsed) FILTER (upto >= round(total * ${Math.fround(p)}))`)}] AS p
  FROM ranked`;

const k6 = (rows) => `
  SELECT sum(v) FILTER (m = 'http_reqs') AS requests,
    sum(v) FILTER (m = 'http_req_failed') AS failed,
    avg(v) FILTER (m = 'http_req_duration') AS avg, min(v) FILTER (m = 'http_req_duration') AS min,
    max(v) FILTER (m = 'http_req_duration') AS max,
    quantile_cont(v, [${SHARES}]) FILTER (m = 'http_req_duration') AS p
  FROM (${rows})`;
const only = (name) => `WHERE ${name} IN ('http_reqs', 'http_req_duration', 'http_req_failed')`;
const k6Csv = `SELECT metric_name AS m, metric_value AS v FROM ${csv(K6, { metric_value: 'DOUBLE' })}`;
const k6Json = `SELECT metric AS m, data.value AS v FROM read_json('${file}',
  format = 'newline_delimited', auto_detect = false,
  columns = {metric: 'VARCHAR', data: 'STRUCT("value" DOUBLE)'}) ${only('metric')}`;

// More than one wording where it is not plain which is quicker: the best of all counts.
const queries = {
  'jtl': [jtl],
  'k6-csv': [k6(k6Csv), k6(`${k6Csv} ${only('metric_name')}`)],
  'k6-json': [k6(k6Json)],
}[format];

const database = await DuckDBInstance.create(':memory:', { threads: `${availableParallelism()}` });
const connection = await database.connect();
let seconds = Infinity;
let row;
for (let i = 0; i < Number(runs); i++) {
  for (const query of queries) {
    const begin = performance.now();
    [row] = (await connection.runAndReadAll(query)).getRowObjectsJson();
    seconds = Math.min(seconds, (performance.now() - begin) / 1000);
  }
}
const [med, p90, p95, p99] = row.p;
const number = (text) => Number(text);
console.log(JSON.stringify({
  seconds,
  requests: number(row.requests),
  failed: number(row.failed),
  latency_ms: Object.fromEntries(
    Object.entries({ avg: row.avg, min: row.min, med, p90, p95, p99, max: row.max })
      .map(([name, value]) => [name, number(value)])),
}));
