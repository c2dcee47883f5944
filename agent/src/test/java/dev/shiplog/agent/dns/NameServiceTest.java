package dev.shiplog.agent.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.proxy.ServiceView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

final class NameServiceTest {

  private final NameService names =
      new NameService(name("cluster.local."), () -> Optional.of(services()), NameServiceTest::web);

  @Test
  void aServiceHasItsClusterIp() {
    assertThat(answers("web.shop.svc.cluster.local.", Type.A)).containsExactly("10.96.1.1");
    assertThat(answers("WEB.Shop.SVC.cluster.LOCAL.", Type.A)).containsExactly("10.96.1.1");
  }

  @Test
  void aHeadlessServiceHasTheAddressesOfItsReadyPods() {
    assertThat(answers("db.shop.svc.cluster.local.", Type.A))
        .containsExactlyInAnyOrder("10.244.0.5", "10.244.0.6");
  }

  @Test
  void aPodBehindAHeadlessServiceHasANameOfItsOwn() {
    assertThat(answers("db-0.db.shop.svc.cluster.local.", Type.A)).containsExactly("10.244.0.5");
    assertThat(answers("10-244-0-6.db.shop.svc.cluster.local.", Type.A))
        .containsExactly("10.244.0.6");
  }

  @Test
  void portsAreFoundByNameAndProtocol() {
    assertThat(answers("_http._tcp.web.shop.svc.cluster.local.", Type.SRV))
        .containsExactly("0 100 80 web.shop.svc.cluster.local.");
    assertThat(answers("_sql._tcp.db.shop.svc.cluster.local.", Type.SRV))
        .containsExactlyInAnyOrder(
            "0 100 5432 db-0.db.shop.svc.cluster.local.",
            "0 100 5432 10-244-0-6.db.shop.svc.cluster.local.");
  }

  @Test
  void anExternalNameIsAnAliasAndComesWithWhatItLeadsTo() {
    assertThat(answers("far.shop.svc.cluster.local.", Type.A))
        .containsExactly("www.example.com.", "192.0.2.80");
  }

  @Test
  void aPodsAddressIsItsName() {
    assertThat(answers("10-244-0-9.shop.pod.cluster.local.", Type.A)).containsExactly("10.244.0.9");
  }

  @Test
  void anAddressLeadsBackToItsName() {
    assertThat(answers("1.1.96.10.in-addr.arpa.", Type.PTR))
        .containsExactly("web.shop.svc.cluster.local.");
    assertThat(answers("5.0.244.10.in-addr.arpa.", Type.PTR))
        .containsExactly("db-0.db.shop.svc.cluster.local.");
  }

  @Test
  void whatDoesNotExistIsSaidNotToExistForAWhile() {
    Message answer = ask("nobody.shop.svc.cluster.local.", Type.A);

    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(answer.getSection(Section.AUTHORITY))
        .singleElement()
        .satisfies(soa -> assertThat(soa.getTTL()).isEqualTo(5));
  }

  @Test
  void aNameWithoutSuchARecordExistsAllTheSame() {
    for (String name : List.of("web.shop.svc.", "shop.svc.", "svc.", "_tcp.web.shop.svc.", "")) {
      Message answer = ask(name + "cluster.local.", Type.AAAA);

      assertThat(answer.getRcode()).as(name).isEqualTo(Rcode.NOERROR);
      assertThat(answer.getSection(Section.ANSWER)).as(name).isEmpty();
      assertThat(answer.getSection(Section.AUTHORITY)).as(name).hasSize(1);
    }
  }

  @Test
  void otherNamesAreAskedUpstream() {
    assertThat(answers("www.example.com.", Type.A)).containsExactly("192.0.2.80");
  }

  @Test
  void anUpstreamThatIsAwayIsAFailureAndNoAbsence() {
    assertThat(ask("broken.example.com.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void nothingIsSaidOfTheClusterBeforeItIsKnown() {
    NameService early =
        new NameService(name("cluster.local."), Optional::empty, NameServiceTest::web);

    assertThat(early.answer(query("web.shop.svc.cluster.local.", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void theSpecificationsVersionIsToldToWhoeverAsks() {
    assertThat(answers("dns-version.cluster.local.", Type.TXT)).containsExactly("\"1.1.0\"");
  }

  private List<String> answers(String name, int type) {
    Message answer = ask(name, type);
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  private Message ask(String name, int type) {
    return names.answer(query(name, type));
  }

  private static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(name(name), type, DClass.IN));
  }

  private static Name name(String text) {
    return Name.fromConstantString(text);
  }

  /** Knows one name. */
  private static Message web(Message query) throws IOException {
    Name name = query.getQuestion().getName();
    if (!name.equals(name("www.example.com."))) {
      throw new IOException("timed out");
    }
    Message answer = new Message(query.getHeader().getID());
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    answer.addRecord(
        Record.fromString(name, Type.A, DClass.IN, 60, "192.0.2.80", Name.root), Section.ANSWER);
    return answer;
  }

  private static ServiceView services() {
    return ServiceView.of(
        List.of(service("web", "10.96.1.1", "http", 80), service("db", "None", "sql", 5432), far()),
        List.of(slice()));
  }

  private static Service service(String name, String clusterIp, String port, int number) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP(clusterIp)
        .withClusterIPs(clusterIp)
        .addNewPort()
        .withName(port)
        .withProtocol("TCP")
        .withPort(number)
        .endPort()
        .endSpec()
        .build();
  }

  private static Service far() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("far")
        .endMetadata()
        .withNewSpec()
        .withType("ExternalName")
        .withExternalName("www.example.com")
        .endSpec()
        .build();
  }

  private static EndpointSlice slice() {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("db-x7")
        .addToLabels("kubernetes.io/service-name", "db")
        .endMetadata()
        .withAddressType("IPv4")
        .addNewEndpoint()
        .withAddresses("10.244.0.5")
        .withHostname("db-0")
        .withNewConditions()
        .withReady(true)
        .endConditions()
        .endEndpoint()
        .addNewEndpoint()
        .withAddresses("10.244.0.6")
        .endEndpoint()
        .addNewEndpoint()
        .withAddresses("10.244.0.7")
        .withNewConditions()
        .withReady(false)
        .endConditions()
        .endEndpoint()
        .addNewPort()
        .withName("sql")
        .withProtocol("TCP")
        .withPort(5432)
        .endPort()
        .build();
  }
}
