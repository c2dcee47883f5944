package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import java.util.Locale;

/** Short ways to bring objects before admission, in a namespace of one's own. */
final class AdmissionApi {

  static final String QUIET = "registry.example/c:1";

  private final RawHttp http;
  final String namespace;

  AdmissionApi(int port, String namespace) {
    this.http = new RawHttp(port, "admin-token");
    this.namespace = namespace;
  }

  /** Makes the namespace with these labels, and its default account. */
  AdmissionApi begin(String labels) {
    made(
        http.post(
            "/api/v1/namespaces",
            json("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s','labels':{%s}}}")
                .formatted(namespace, labels.replace('\'', '"'))));
    made(create("serviceaccounts", "v1", "ServiceAccount", "default", ""));
    return this;
  }

  RawHttp http() {
    return http;
  }

  String path(String plural) {
    return "/api/v1/namespaces/" + namespace + "/" + plural;
  }

  Reply create(String plural, String apiVersion, String kind, String name, String rest) {
    return post(path(plural), apiVersion, kind, name, rest);
  }

  Reply post(String path, String apiVersion, String kind, String name, String rest) {
    return http.post(path, object(apiVersion, kind, name, rest));
  }

  static String object(String apiVersion, String kind, String name, String rest) {
    return json(
        "{'apiVersion':'%s','kind':'%s','metadata':{'name':'%s'}%s}"
            .formatted(apiVersion, kind, name, rest.isEmpty() ? "" : "," + rest));
  }

  /** A pod with one container, of which the rest is given. */
  Reply pod(String name, String container) {
    return pod(name, container, "");
  }

  Reply pod(String name, String container, String spec) {
    return create(
        "pods",
        "v1",
        "Pod",
        name,
        "'spec':{%s'containers':[{'name':'c','image':'%s'%s}]}"
            .formatted(
                spec.isEmpty() ? "" : spec + ",",
                QUIET,
                container.isEmpty() ? "" : "," + container));
  }

  /**
   * Has a server be asked about requests in the namespace.
   *
   * @param kind {@code Validating} or {@code Mutating}
   * @param client how the server is reached
   * @param rules which requests it is asked about
   * @param rest more fields, or nothing
   */
  Reply webhook(String kind, String name, String client, String rules, String rest) {
    String selector =
        "'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}}"
            .formatted(namespace);
    return post(
        webhooks(kind),
        "admissionregistration.k8s.io/v1",
        kind + "WebhookConfiguration",
        name,
        "'webhooks':[{'name':'%s.hooks.example.com','admissionReviewVersions':['v1'],'sideEffects':'None','clientConfig':{%s},%s,%s%s}]"
            .formatted(name, client, rules, selector, rest.isEmpty() ? "" : "," + rest));
  }

  /** The path of the configurations of a kind of webhooks. */
  static String webhooks(String kind) {
    return "/apis/admissionregistration.k8s.io/v1/"
        + kind.toLowerCase(Locale.ROOT)
        + "webhookconfigurations";
  }

  /** One rule of a webhook for core objects. */
  static String rules(String operations, String resource) {
    return "'rules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':[%s],'resources':['%s']}]"
        .formatted(operations, resource);
  }

  Reply patch(String path, String merge) {
    return http.send("PATCH", path, json(merge), "Content-Type", "application/merge-patch+json");
  }

  static Reply made(Reply reply) {
    assertThat(reply.code()).as(reply.text()).isIn(200, 201);
    return reply;
  }

  static String json(String text) {
    return text.replace('\'', '"');
  }
}
