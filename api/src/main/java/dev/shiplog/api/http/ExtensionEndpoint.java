package dev.shiplog.api.http;

import dev.shiplog.api.aggregation.ExtensionApi;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Requests for parts of the API that other servers serve: handed on, with who sends them. */
final class ExtensionEndpoint {

  private final ExtensionApis apis;
  private final Store store;
  private final RemoteClients clients;
  private final ReverseProxy proxy;

  ExtensionEndpoint(ExtensionApis apis, Store store, RemoteClients clients, ReverseProxy proxy) {
    this.apis = apis;
    this.store = store;
    this.clients = clients;
    this.proxy = proxy;
  }

  /** Who serves a group and version, if it is somebody else. */
  Optional<ExtensionApi> find(String group, String version) {
    return apis.find(group, version);
  }

  /** Who serves what an OpenAPI document or a discovery document is about. */
  Optional<ExtensionApi> find(List<String> path) {
    boolean discovery = path.size() == 3 && path.getFirst().equals("apis");
    boolean openApi = path.size() == 5 && path.getFirst().equals("openapi");
    if (discovery) {
      return find(path.get(1), path.get(2));
    }
    return openApi ? find(path.get(3), path.get(4)) : Optional.empty();
  }

  /** Hands a request on; its server must be there. */
  void pass(Exchange exchange, ExtensionApi api, UserInfo user, Optional<Buffer> body) {
    if (!api.available()) {
      GroupVersion version = api.groupVersion();
      throw Failures.unavailable(
          "service unavailable: the server behind APIService %s.%s is not there"
              .formatted(version.version(), version.group()));
    }
    proxy.pass(exchange, begin(exchange, api), headers -> identify(headers, user), body);
  }

  private Future<HttpClientRequest> begin(Exchange exchange, ExtensionApi api) {
    Remote remote = api.remote(store.current());
    return clients.request(remote, exchange.request().method(), exchange.request().uri());
  }

  /** The headers by which the other server knows whom this one speaks for. */
  private static void identify(MultiMap headers, UserInfo user) {
    headers.set("X-Remote-User", user.username());
    if (!user.uid().isEmpty()) {
      headers.set("X-Remote-Uid", user.uid());
    }
    user.groups().forEach(group -> headers.add("X-Remote-Group", group));
    user.extra()
        .forEach((key, values) ->
            values.forEach(value ->
                headers.add(
                    "X-Remote-Extra-" + URLEncoder.encode(key, StandardCharsets.UTF_8), value)));
  }
}
