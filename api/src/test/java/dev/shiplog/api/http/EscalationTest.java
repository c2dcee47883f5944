package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.http.RawHttp.Reply;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attempts at more rights by somebody who has some: jane administrates the namespace {@code
 * escape}, a node has a pod there. They are listed in {@code src/test/resources/escalation}.
 */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EscalationTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String OWN = "/namespaces/escape";
  private static final String CORE = "/api/v1" + OWN;
  private static final String SYSTEM = "/api/v1/namespaces/kube-system";
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final String ROOT =
      "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'cluster-admin'},"
          + "'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'jane'}]";
  private static final String MIRROR =
      "{'metadata':{'name':'mirror','annotations':{'kubernetes.io/config.mirror':'x'}";
  private static final String OWNER =
      ",'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'node-1','uid':'$NODE_UID'";

  /** What stands for what in the tables. */
  private static final Map<String, String> WORDS =
      Map.of(
          "$RBAC", RBAC,
          "$OWN", CORE,
          "$SYSTEM", SYSTEM,
          "$REQUESTS", REQUESTS,
          "$ROOT", ROOT,
          "$EVERYTHING", "'rules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*']}]",
          "$CONTAINER", "'containers':[{'name':'c','image':'i'}]",
          "$MIRROR", MIRROR,
          "$BY_NODE", OWNER);

  @TestHTTPResource("/")
  URI server;

  private RawHttp admin;
  private String nodeUid;
  private String podUid;
  private String foreignUid;
  private String ofNode2;

  /**
   * An attempt.
   *
   * @param title what is tried
   * @param body empty for none; quoted with apostrophes
   * @param says what the refusal contains
   */
  record Attempt(String title, String method, String path, String body, String says) {

    static List<Attempt> of(String table) throws IOException {
      return Files.readAllLines(Path.of("src/test/resources/escalation", table)).stream()
          .filter(line -> !line.startsWith("#"))
          .map(Attempt::parse)
          .toList();
    }

    private static Attempt parse(String line) {
      String[] parts = line.split(" \\| ", -1);
      assertThat(parts).as(line).hasSize(5);
      return new Attempt(parts[0], parts[1], text(parts[2]), text(parts[3]), text(parts[4]));
    }

    private static String text(String part) {
      String text = part.equals("-") ? "" : part;
      for (Map.Entry<String, String> word : WORDS.entrySet()) {
        text = text.replace(word.getKey(), word.getValue());
      }
      return text;
    }

    String mediaType() {
      if (!method.equals("PATCH")) {
        return "application/json";
      }
      return path.contains("fieldManager")
          ? "application/apply-patch+yaml"
          : "application/merge-patch+json";
    }

    @Override
    public String toString() {
      return title;
    }
  }

  @BeforeAll
  void giveThemSomething() throws Exception {
    admin = as("admin-token");
    AdmissionApi own = new AdmissionApi(server.getPort(), "escape").begin("");
    ofNode2 = CertificateRequests.base64("O=system:nodes,CN=system:node:node-2");
    made(admin.post(RBAC + "/clusterroles", administrator()));
    made(
        admin.post(
            RBAC + OWN + "/rolebindings",
            json("{'metadata':{'name':'jane'}," + ROOT + "}")
                .replace("cluster-admin", "escape-admin")));
    nodeUid = uid(made(admin.post("/api/v1/nodes", json("{'metadata':{'name':'node-1'}}"))));
    made(admin.post("/api/v1/nodes", json("{'metadata':{'name':'node-2'}}")));
    podUid = uid(made(own.pod("own", "", "'nodeName':'node-1'")));
    foreignUid = uid(made(own.pod("foreign", "", "'nodeName':'node-2'")));
    made(own.create("secrets", "v1", "Secret", "hidden", "'stringData':{'a':'canary-71'}"));
    made(
        own.create(
            "persistentvolumeclaims",
            "v1",
            "PersistentVolumeClaim",
            "data",
            "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}"));
    made(
        admin.post(
            REQUESTS,
            json(
                "{'metadata':{'name':'escape'},'spec':{'request':'%s','usages':['client auth'],"
                        .formatted(CertificateRequests.base64("CN=eve"))
                    + "'signerName':'kubernetes.io/kube-apiserver-client'}}")));
    made(
        admin.post(
            RBAC + "/clusterroles",
            json(
                "{'metadata':{'name':'approver'},'rules':[{'verbs':['*'],"
                    + "'apiGroups':['certificates.k8s.io'],'resources':['certificatesigningrequests',"
                    + "'certificatesigningrequests/approval','certificatesigningrequests/status']}]}")));
    made(
        admin.post(
            RBAC + "/clusterrolebindings",
            json("{'metadata':{'name':'approver'},%s}".formatted(ROOT))
                .replace("cluster-admin", "approver")
                .replace("jane", "approver")));
  }

  /** The role admin as the controller that aggregates makes it. */
  private String administrator() {
    ObjectNode role = Json.MAPPER.createObjectNode();
    role.putObject("metadata").put("name", "escape-admin");
    for (String part : List.of("admin", "edit", "view")) {
      JsonNode rules =
          admin.get(RBAC + "/clusterroles/system:aggregate-to-" + part).json().path("rules");
      assertThat(rules).isNotEmpty();
      rules.forEach(role.withArray("/rules")::add);
    }
    return role.toString();
  }

  @AfterAll
  void takeItAway() {
    for (String path :
        List.of(
            CORE + "/pods/own?gracePeriodSeconds=0",
            CORE + "/pods/foreign?gracePeriodSeconds=0",
            "/api/v1/nodes/node-1",
            "/api/v1/nodes/node-2",
            RBAC + "/clusterroles/escape-admin",
            RBAC + "/clusterroles/approver",
            RBAC + "/clusterrolebindings/approver",
            REQUESTS + "/escape",
            "/api/v1" + OWN)) {
      admin.delete(path);
    }
  }

  private RawHttp as(String token) {
    return new RawHttp(server.getPort(), token);
  }

  private static String uid(Reply reply) {
    return reply.json().at("/metadata/uid").asText();
  }

  private Reply send(RawHttp who, Attempt tried, String... headers) {
    String[] all =
        Stream.concat(Stream.of("Content-Type", tried.mediaType()), Stream.of(headers))
            .toArray(String[]::new);
    String body =
        json(tried.body())
            .replace("$NODE_UID", nodeUid)
            .replace("$FOREIGN_UID", foreignUid)
            .replace("$POD_UID", podUid)
            .replace("$CSR", ofNode2);
    return who.send(tried.method(), tried.path(), body.isEmpty() ? null : body, all);
  }

  private void assertRefused(Attempt tried, Reply reply) {
    assertThat(reply.code()).as(reply.text()).isIn(403, 404, 422);
    assertThat(reply.text()).contains(tried.says()).doesNotContain("canary-71");
  }

  static List<Attempt> byAnAdministratorOfANamespace() throws IOException {
    return Attempt.of("administrator.txt");
  }

  @ParameterizedTest
  @MethodSource("byAnAdministratorOfANamespace")
  void anAdministratorOfANamespaceStaysThat(Attempt tried) {
    assertRefused(tried, send(as("user-token"), tried));
  }

  static List<List<String>> identities() {
    String account = "system:serviceaccount:escape:default";
    return List.of(
        List.of("Impersonate-User", "admin"),
        List.of("Impersonate-User", "jane", "Impersonate-Group", "system:masters"),
        List.of("Impersonate-User", "system:serviceaccount:kube-system:job-controller"),
        List.of("Impersonate-User", "system:node:node-1"),
        List.of("Impersonate-User", account, "Impersonate-Group", "a"),
        List.of("Impersonate-User", account, "Impersonate-Uid", "7"),
        List.of("Impersonate-User", account, "Impersonate-Extra-Scopes", "all"));
  }

  @ParameterizedTest
  @MethodSource("identities")
  void whoMayActAsAccountsOfANamespaceMayActAsNobodyElse(List<String> headers) {
    Reply reply = as("user-token").get(CORE + "/configmaps", headers.toArray(String[]::new));

    assertThat(reply.code()).as(reply.text()).isEqualTo(403);
    assertThat(reply.text()).contains("cannot impersonate");
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void aSecretHoldsNoTokenOfAnAccountElsewhere(String account) {
    Reply reply =
        as("user-token")
            .post(
                CORE + "/secrets",
                json(
                    "{'metadata':{'generateName':'t-','annotations':"
                        + "{'kubernetes.io/service-account.name':'"
                        + account
                        + "'}},'type':'kubernetes.io/service-account-token'}"));

    assertThat(reply.json().path("data").has("token")).as(reply.text()).isFalse();
  }

  static List<String> accounts() {
    return List.of("kube-system/job-controller", "../kube-system/job-controller", "job-controller");
  }

  static List<Attempt> bySomebodyWhoLooksAfterRequests() throws IOException {
    return Attempt.of("approver.txt");
  }

  @ParameterizedTest
  @MethodSource("bySomebodyWhoLooksAfterRequests")
  void whoMayWriteRequestsMayNotDecideOverThem(Attempt tried) {
    assertRefused(tried, send(admin, tried, "Impersonate-User", "approver"));
  }

  static List<Attempt> byANode() throws IOException {
    return Attempt.of("node.txt");
  }

  @ParameterizedTest
  @MethodSource("byANode")
  void aNodeStaysANode(Attempt tried) {
    assertRefused(tried, send(as("node-token"), tried));
  }

  @Test
  void aNodeGetsTheTokenThatItsPodWants() {
    Reply given =
        as("node-token")
            .post(
                CORE + "/serviceaccounts/default/token",
                json("{'spec':{'boundObjectRef':{'kind':'Pod','name':'own','uid':'%s'}}}")
                    .formatted(podUid));

    assertThat(made(given).json().at("/status/token").asText()).isNotEmpty();
  }
}
