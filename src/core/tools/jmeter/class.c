#include "tools/jmeter/class.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name, as memcmp does it. */
static const struct class rows[] = {
    {"AccessLogSampler", "Access Log Sampler", SORT_HTTP_SAMPLER},
    {"AjpSampler", "AJP Sampler", SORT_SAMPLER},
    {"AnchorModifier", "HTML Link Parser", SORT_PRE_PROCESSOR},
    {"Arguments", "User Defined Variables", SORT_VARIABLES},
    {"BSFPreProcessor", "BSF PreProcessor", SORT_PRE_PROCESSOR},
    {"BSFSampler", "BSF Sampler", SORT_QUIET_SAMPLER},
    {"BSFTimer", "BSF Timer", SORT_SCRIPT_TIMER},
    {"BeanShellPreProcessor", "BeanShell PreProcessor", SORT_PRE_PROCESSOR},
    {"BeanShellSampler", "BeanShell Sampler", SORT_QUIET_SAMPLER},
    {"BeanShellTimer", "BeanShell Timer", SORT_SCRIPT_TIMER},
    {"BoltSampler", "Bolt Request", SORT_SAMPLER},
    {"CSVDataSet", "CSV Data Set Config", SORT_CSV},
    {"ConfigTestElement", "Defaults", SORT_DEFAULTS},
    {"ConstantThroughputTimer", "Constant Throughput Timer", SORT_CAP},
    {"ConstantTimer", "Constant Timer", SORT_DELAY},
    {"CriticalSectionController", "Critical Section Controller", SORT_CRITICAL},
    {"DebugSampler", "Debug Sampler", SORT_QUIET_SAMPLER},
    {"FTPSampler", "FTP Request", SORT_SAMPLER},
    {"ForeachController", "ForEach Controller", SORT_CHANGING},
    {"GaussianRandomTimer", "Gaussian Random Timer", SORT_DELAY},
    {"GenericController", "Simple Controller", SORT_TRANSPARENT},
    {"HTTPSampler", "HTTP Request", SORT_HTTP_SAMPLER},
    {"HTTPSampler2", "HTTP Request", SORT_HTTP_SAMPLER},
    {"HTTPSampler2_", "HTTP Request", SORT_HTTP_SAMPLER},
    {"HTTPSamplerProxy", "HTTP Request", SORT_HTTP_SAMPLER},
    {"HTTPSampler_", "HTTP Request", SORT_HTTP_SAMPLER},
    {"IfController", "If Controller", SORT_CHANGING},
    {"IncludeController", "Include Controller", SORT_ELSEWHERE},
    {"InterleaveControl", "Interleave Controller", SORT_CHANGING},
    {"JDBCPreProcessor", "JDBC PreProcessor", SORT_PRE_PROCESSOR},
    {"JDBCSampler", "JDBC Request", SORT_SAMPLER},
    {"JMSSampler", "JMS Point-to-Point", SORT_SAMPLER},
    {"JSR223PreProcessor", "JSR223 PreProcessor", SORT_PRE_PROCESSOR},
    {"JSR223Sampler", "JSR223 Sampler", SORT_QUIET_SAMPLER},
    {"JSR223Timer", "JSR223 Timer", SORT_SCRIPT_TIMER},
    {"JUnitSampler", "JUnit Request", SORT_SAMPLER},
    {"JavaSampler", "Java Request", SORT_SAMPLER},
    {"LDAPExtSampler", "LDAP Extended Request", SORT_SAMPLER},
    {"LDAPSampler", "LDAP Request", SORT_SAMPLER},
    {"LoopController", "Loop Controller", SORT_LOOP},
    {"MailReaderSampler", "Mail Reader Sampler", SORT_SAMPLER},
    {"MailerResultCollector", "Mailer Visualizer", SORT_LISTENER},
    {"ModuleController", "Module Controller", SORT_ELSEWHERE},
    {"MongoScriptSampler", "MongoDB Script", SORT_SAMPLER},
    {"OnceOnlyController", "Once Only Controller", SORT_ONCE_ONLY},
    {"OpenModelThreadGroup", "Open Model Thread Group", SORT_OPEN_GROUP},
    {"ParamModifier", "HTML Parameter Mask", SORT_PRE_PROCESSOR},
    {"PoissonRandomTimer", "Poisson Random Timer", SORT_DELAY},
    {"PostThreadGroup", "tearDown Thread Group", SORT_SETUP_GROUP},
    {"PreciseThroughputTimer", "Precise Throughput Timer", SORT_CAP},
    {"PublisherSampler", "JMS Publisher", SORT_SAMPLER},
    {"RandomController", "Random Controller", SORT_CHANGING},
    {"RandomOrderController", "Random Order Controller", SORT_TRANSPARENT},
    {"RecordController", "Recording Controller", SORT_TRANSPARENT},
    {"RecordingController", "Recording Controller", SORT_TRANSPARENT},
    {"RegExUserParameters", "RegEx User Parameters", SORT_PRE_PROCESSOR},
    {"ResultCollector", "listener", SORT_LISTENER},
    {"RunTime", "Runtime Controller", SORT_CHANGING},
    {"SetupThreadGroup", "setUp Thread Group", SORT_SETUP_GROUP},
    {"SmtpSampler", "SMTP Sampler", SORT_SAMPLER},
    {"SoapSampler", "SOAP/XML-RPC Request", SORT_HTTP_SAMPLER},
    {"SubscriberSampler", "JMS Subscriber", SORT_SAMPLER},
    {"SwitchController", "Switch Controller", SORT_CHANGING},
    {"SyncTimer", "Synchronizing Timer", SORT_DECIDES},
    {"SystemSampler", "OS Process Sampler", SORT_QUIET_SAMPLER},
    {"TCPSampler", "TCP Sampler", SORT_SAMPLER},
    {"TestAction", "Flow Control Action", SORT_ACTION},
    {"TestFragmentController", "Test Fragment", SORT_TRANSPARENT},
    {"ThreadGroup", "Thread Group", SORT_GROUP},
    {"ThroughputController", "Throughput Controller", SORT_THROUGHPUT_CONTROLLER},
    {"TransactionController", "Transaction Controller", SORT_TRANSACTION},
    {"URLRewritingModifier", "HTTP URL Re-writing Modifier", SORT_PRE_PROCESSOR},
    {"UniformRandomTimer", "Uniform Random Timer", SORT_DELAY},
    {"UserParameterModifier", "HTTP User Parameter Modifier", SORT_PRE_PROCESSOR},
    {"UserParameters", "User Parameters", SORT_PRE_PROCESSOR},
    {"WebServiceSampler", "SOAP Request", SORT_HTTP_SAMPLER},
    {"WhileController", "While Controller", SORT_CHANGING},
};

/* Plugins, by a part of their class name; the first row that fits. */
static const struct class plugins[] = {
    {"ThreadGroup", "thread group of a plugin", SORT_PLUGIN_GROUP},
    {"VariableThroughputTimer", "Throughput Shaping Timer", SORT_DECIDES},
    {"Timer", "timer of a plugin", SORT_SCRIPT_TIMER},
    {"PreProcessor", "pre-processor of a plugin", SORT_PRE_PROCESSOR},
    {"ResultCollector", "listener of a plugin", SORT_LISTENER},
    {"PostProcessor", "post-processor of a plugin", SORT_OTHER},
    {"Assertion", "assertion of a plugin", SORT_OTHER},
    {"Extractor", "extractor of a plugin", SORT_OTHER},
    {"Config", "configuration of a plugin", SORT_OTHER},
    {".config.", "configuration of a plugin", SORT_OTHER},
    {".reporters.", "listener of a plugin", SORT_OTHER},
    {".vizualizers.", "listener of a plugin", SORT_OTHER},
    {"Listener", "listener of a plugin", SORT_OTHER},
    {"Collector", "listener of a plugin", SORT_OTHER},
    {"ParallelSampler", "controller of a plugin", SORT_CHANGING},
    {"Controller", "controller of a plugin", SORT_CHANGING},
    {"Sampler", "sampler of a plugin", SORT_PLUGIN_SAMPLER},
    {".sampler", "sampler of a plugin", SORT_PLUGIN_SAMPLER},
};

static const struct class other = {"", "element", SORT_OTHER};
static const struct class unknown = {"", "element of a plugin", SORT_UNKNOWN};

struct name {
    const char *at;
    size_t len;
};

static int compare(const void *key, const void *row) {
    const struct name *n = key;
    const char *name = ((const struct class *)row)->name;
    size_t len = strlen(name), least = n->len < len ? n->len : len;
    int order = memcmp(n->at, name, least);
    return order ? order : (n->len > len) - (n->len < len);
}

/* org.apache.jmeter.threads.ThreadGroup is ThreadGroup. */
static struct name short_name(struct name n) {
    static const char own[] = "org.apache.jmeter.";
    if (n.len < sizeof own || memcmp(n.at, own, sizeof own - 1) != 0)
        return n;
    const char *dot = memrchr(n.at, '.', n.len);
    return (struct name){dot + 1, n.len - (size_t)(dot + 1 - n.at)};
}

const struct class *class_of(const struct jmx *x, int element) {
    const struct jmx_element *it = &x->item[element];
    struct name n = short_name((struct name){x->text + it->start + 1, it->name_len});
    const struct class *row = bsearch(&n, rows, sizeof rows / sizeof *rows, sizeof *rows, compare);
    if (row)
        return row;
    if (!memchr(n.at, '.', n.len))
        return &other;
    for (size_t i = 0; i < sizeof plugins / sizeof *plugins; i++)
        if (memmem(n.at, n.len, plugins[i].name, strlen(plugins[i].name)))
            return &plugins[i];
    return &unknown;
}

bool class_is_sampler(const struct class *c) {
    return c->sort >= SORT_HTTP_SAMPLER && c->sort <= SORT_PLUGIN_SAMPLER;
}

bool class_is_timer(const struct class *c) {
    return c->sort >= SORT_DELAY && c->sort <= SORT_DECIDES;
}

bool class_has_samplers(const struct class *c) {
    return (c->sort >= SORT_TRANSPARENT && c->sort <= SORT_ELSEWHERE) || c->sort <= SORT_UNKNOWN;
}
