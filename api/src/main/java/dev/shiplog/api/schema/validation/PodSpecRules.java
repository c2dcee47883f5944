package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pod says of itself as a whole. */
final class PodSpecRules {

  private static final int NAME_SERVERS = 3;
  private static final int SEARCH_PATHS = 32;
  private static final long LONGEST_DEADLINE = Integer.MAX_VALUE;

  private PodSpecRules() {}

  static void validate(JsonNode node, FieldPath path, Causes causes) {
    if (!(node instanceof ObjectNode spec)) {
      return;
    }
    VolumeRules.validate(spec, path, causes);
    ContainerRules.validate(spec, path, causes);
    new Checks(spec, path, causes)
        .required("restartPolicy")
        .required("dnsPolicy")
        .range("activeDeadlineSeconds", 1, LONGEST_DEADLINE)
        .nonNegative("terminationGracePeriodSeconds")
        .name("serviceAccountName", Names::subdomain)
        .name("nodeName", Names::subdomain)
        .name("hostname", Names::label)
        .name("subdomain", Names::label)
        .name("priorityClassName", Names::subdomain)
        .name("runtimeClassName", Names::subdomain)
        .name("schedulerName", Names::subdomain)
        .labels("nodeSelector")
        .quantities("overhead");
    dns(spec, path, causes);
    names(spec, path, causes);
    SchedulingRules.validate(spec, path, causes);
    PodHostRules.validate(spec, path, causes);
    SecurityRules.ofPod(spec, path, causes);
  }

  private static void dns(ObjectNode spec, FieldPath path, Causes causes) {
    FieldPath config = path.child("dnsConfig");
    List<String> servers = texts(spec, "dnsConfig", "nameservers");
    if (text(spec, "dnsPolicy").equals("None") && servers.isEmpty()) {
      causes.required(
          config.child("nameservers"),
          "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
    if (servers.size() > NAME_SERVERS) {
      causes.invalid(
          config.child("nameservers"),
          at(spec, "dnsConfig", "nameservers"),
          "must not have more than " + NAME_SERVERS + " nameservers");
    }
    for (int i = 0; i < servers.size(); i++) {
      Addresses.ip(config.child("nameservers").index(i), servers.get(i), causes);
    }
    List<String> searches = texts(spec, "dnsConfig", "searches");
    if (searches.size() > SEARCH_PATHS) {
      causes.invalid(
          config.child("searches"),
          at(spec, "dnsConfig", "searches"),
          "must not have more than " + SEARCH_PATHS + " search paths");
    }
    int i = 0;
    for (ObjectNode option : objects(spec, "dnsConfig", "options")) {
      new Checks(option, config.child("options").index(i++), causes).required("name");
    }
  }

  private static void names(ObjectNode spec, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode secret : objects(spec, "imagePullSecrets")) {
      if (empty(secret, "name")) {
        causes.required(path.child("imagePullSecrets").index(i).child("name"));
      }
      i++;
    }
    i = 0;
    for (ObjectNode alias : objects(spec, "hostAliases")) {
      FieldPath item = path.child("hostAliases").index(i++);
      Addresses.ip(item.child("ip"), text(alias, "ip"), causes);
      for (String host : texts(alias, "hostnames")) {
        Checks.name(item.child("hostnames"), host, Names::subdomain, causes);
      }
    }
    i = 0;
    for (ObjectNode gate : objects(spec, "readinessGates")) {
      new Checks(gate, path.child("readinessGates").index(i++), causes)
          .name("conditionType", Names::qualified);
    }
    gates(spec, path.child("schedulingGates"), causes);
  }

  private static void gates(ObjectNode spec, FieldPath path, Causes causes) {
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (ObjectNode gate : objects(spec, "schedulingGates")) {
      FieldPath item = path.index(i++);
      Checks.name(item, text(gate, "name"), Names::qualified, causes);
      if (!seen.add(text(gate, "name"))) {
        causes.duplicate(item, text(gate, "name"));
      }
    }
  }
}
