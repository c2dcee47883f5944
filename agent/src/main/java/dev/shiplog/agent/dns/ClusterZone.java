package dev.shiplog.agent.dns;

import dev.shiplog.agent.dns.ZoneIndex.Member;
import dev.shiplog.agent.proxy.ServiceView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/**
 * The names of a cluster, as Kubernetes' DNS specification 1.1.0 has them: {@code
 * SERVICE.NAMESPACE.svc}, {@code HOST.SERVICE.NAMESPACE.svc}, {@code _PORT._PROTOCOL.SERVICE…},
 * {@code 10-1-2-3.NAMESPACE.pod}, and back from addresses. Belongs to one moment's services;
 * immutable.
 */
final class ClusterZone {

  /** Short, as addresses of pods come and go. */
  static final int TTL_SECONDS = 5;

  private static final String VERSION = "1.1.0";
  private static final int WEIGHT = 100;

  private final Name zone;
  private final ZoneIndex index;

  /**
   * What is known of a name: records of every type; none if it exists with no record of its own.
   */
  record Found(List<Record> records) {
    static final Found NOTHING_OF_ITS_OWN = new Found(List.of());
  }

  ClusterZone(Name zone, ServiceView view) {
    this.zone = zone;
    this.index = new ZoneIndex(view);
  }

  /** Records of a name in the zone; empty if there is no such name. */
  Optional<Found> find(Name name) {
    List<String> labels = labels(name);
    if (labels.isEmpty()) {
      return Optional.of(Found.NOTHING_OF_ITS_OWN);
    }
    return switch (labels.getLast()) {
      case "svc" -> underServices(name, labels.subList(0, labels.size() - 1));
      case "pod" -> underPods(name, labels.subList(0, labels.size() - 1));
      case "dns-version" ->
          labels.size() == 1
              ? Optional.of(
                  new Found(List.of(new TXTRecord(name, DClass.IN, TTL_SECONDS, VERSION))))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Names of an address that has some here. */
  Optional<Found> findReverse(Name name) {
    try {
      List<String> names = index.names(ReverseMap.fromName(name).getHostAddress());
      return names.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Found(
                  names.stream()
                      .<Record>map(each -> new PTRRecord(name, DClass.IN, TTL_SECONDS, under(each)))
                      .toList()));
    } catch (java.net.UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Labels below the zone, in lower case. */
  private List<String> labels(Name name) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < name.labels() - zone.labels(); i++) {
      labels.add(name.getLabelString(i).toLowerCase(Locale.ROOT));
    }
    return labels;
  }

  private Optional<Found> underServices(Name name, List<String> labels) {
    int count = labels.size();
    if (count < 2) {
      boolean there = count == 0 || index.hasNamespace(labels.getFirst());
      return there ? Optional.of(Found.NOTHING_OF_ITS_OWN) : Optional.empty();
    }
    String namespace = labels.getLast();
    Optional<Service> service = index.service(namespace, labels.get(count - 2));
    if (service.isEmpty() || count > 4) {
      return Optional.empty();
    }
    return switch (count) {
      case 2 -> Optional.of(new Found(ofService(name, service.get())));
      case 3 -> ofMember(name, service.get(), labels.getFirst());
      default -> ofPort(name, service.get(), labels.get(0), labels.get(1));
    };
  }

  private List<Record> ofService(Name name, Service service) {
    if ("ExternalName".equals(service.getSpec().getType())) {
      Name target = absolute(service.getSpec().getExternalName());
      return List.of(new CNAMERecord(name, DClass.IN, TTL_SECONDS, target));
    }
    return addresses(service).map(address -> address(name, address)).toList();
  }

  private Stream<String> addresses(Service service) {
    return ZoneIndex.isHeadless(service)
        ? members(service).stream().map(Member::address).distinct()
        : service.getSpec().getClusterIPs().stream();
  }

  private List<Member> members(Service service) {
    var meta = service.getMetadata();
    return index.members(meta.getNamespace(), meta.getName());
  }

  /** A pod below its headless service, or the protocol above a service's ports. */
  private Optional<Found> ofMember(Name name, Service service, String label) {
    if (label.equals("_tcp") || label.equals("_udp") || label.equals("_sctp")) {
      return Optional.of(Found.NOTHING_OF_ITS_OWN);
    }
    List<Record> records =
        members(service).stream()
            .filter(member -> ZoneIndex.isHeadless(service) && member.hostname().equals(label))
            .map(member -> address(name, member.address()))
            .toList();
    return records.isEmpty() ? Optional.empty() : Optional.of(new Found(records));
  }

  private Optional<Found> ofPort(Name name, Service service, String port, String protocol) {
    List<Record> records =
        ZoneIndex.isHeadless(service)
            ? memberPorts(name, service, port, protocol)
            : servicePorts(name, service, port, protocol);
    return records.isEmpty() ? Optional.empty() : Optional.of(new Found(records));
  }

  private List<Record> servicePorts(Name name, Service service, String port, String protocol) {
    Name target = under(nameOf(service));
    List<Record> records = new ArrayList<>();
    for (ServicePort each : service.getSpec().getPorts()) {
      if (is(port, each.getName()) && is(protocol, each.getProtocol())) {
        records.add(srv(name, each.getPort(), target));
      }
    }
    return records;
  }

  private List<Record> memberPorts(Name name, Service service, String port, String protocol) {
    List<Record> records = new ArrayList<>();
    for (Member member : members(service)) {
      for (EndpointPort each : member.ports()) {
        if (is(port, each.getName()) && is(protocol, each.getProtocol())) {
          Name target = under(member.hostname() + "." + nameOf(service));
          records.add(srv(name, each.getPort(), target));
        }
      }
    }
    return records;
  }

  private static boolean is(String label, String value) {
    return value != null && label.equals("_" + value.toLowerCase(Locale.ROOT));
  }

  private Optional<Found> underPods(Name name, List<String> labels) {
    if (labels.size() < 2) {
      boolean there = labels.isEmpty() || index.hasNamespace(labels.getFirst());
      return there ? Optional.of(Found.NOTHING_OF_ITS_OWN) : Optional.empty();
    }
    String address = labels.getFirst().replace('-', '.');
    return labels.size() == 2 && literal(address).isPresent()
        ? Optional.of(new Found(List.of(address(name, address))))
        : Optional.empty();
  }

  private static Record address(Name name, String text) {
    InetAddress address = literal(text).orElseThrow();
    return address instanceof Inet4Address
        ? new ARecord(name, DClass.IN, TTL_SECONDS, address)
        : new AAAARecord(name, DClass.IN, TTL_SECONDS, address);
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SRVRecord srv(Name name, int port, Name target) {
    return new SRVRecord(name, DClass.IN, TTL_SECONDS, 0, WEIGHT, port, target);
  }

  private static String nameOf(Service service) {
    return service.getMetadata().getName() + "." + service.getMetadata().getNamespace() + ".svc";
  }

  private Name under(String relative) {
    return absolute(relative + "." + zone);
  }

  private static Name absolute(String name) {
    try {
      return Name.fromString(name, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
