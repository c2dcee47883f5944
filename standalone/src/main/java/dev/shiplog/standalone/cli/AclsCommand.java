package dev.shiplog.standalone.cli;

import dev.shiplog.topics.catalogue.AccessRule;
import dev.shiplog.topics.catalogue.AccessRule.Component;
import dev.shiplog.topics.catalogue.TopicNames;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the commands that allow each component what it needs on a Kafka with ACLs. */
@Command(
    name = "acls",
    mixinStandardHelpOptions = true,
    description = {
      "Print the kafka-acls.sh commands that allow each component what it needs, and no more.",
      "Components: api-server, controllers, scheduler, agent, auditor."
    })
final class AclsCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "COMPONENT=PRINCIPAL",
      arity = "1..*",
      description = "For example agent=User:CN=node-1, once for each node.")
  private List<String> principals;

  @Option(
      names = "--remove",
      description = "Print what takes it away again, as from a node that is gone.")
  private boolean remove;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = TopicNames.DEFAULT_PREFIX,
      description = "First part of every topic's name. Default: ${DEFAULT-VALUE}")
  private String prefix;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    principals.forEach(pair -> print(pair, out));
    out.flush();
    return 0;
  }

  /** A principal may well have equal signs of its own. */
  private void print(String pair, PrintWriter out) {
    int equal = pair.indexOf('=');
    if (equal < 0 || !pair.startsWith("User:", equal + 1) || pair.contains("'")) {
      throw new ParameterException(
          spec.commandLine(),
          pair + " is not COMPONENT=PRINCIPAL with a principal like User:CN=node-1");
    }
    print(pair.substring(0, equal), pair.substring(equal + 1), out);
  }

  private void print(String component, String principal, PrintWriter out) {
    for (AccessRule rule : AccessRule.of(component(component), new TopicNames(prefix))) {
      StringBuilder line = new StringBuilder("kafka-acls.sh --bootstrap-server \"$KAFKA\"");
      line.append(remove ? " --remove --force" : " --add");
      line.append(" --allow-principal '").append(principal).append('\'');
      new TreeSet<>(rule.operations()).forEach(name -> line.append(" --operation ").append(name));
      line.append(
          switch (rule.kind()) {
            case TOPIC -> " --topic ";
            case GROUP -> " --group ";
            case TRANSACTIONAL_ID -> " --transactional-id ";
          });
      line.append(rule.name());
      if (rule.prefixed()) {
        line.append(" --resource-pattern-type prefixed");
      }
      out.println(line);
    }
  }

  private Component component(String name) {
    try {
      return Component.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "there is no component " + name + "; see --help", e);
    }
  }
}
