package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.http.RawHttp.Reply;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A user who asks for more than their part. Others are sorted into other levels, as a cluster's
 * administrator would have it.
 */
final class Flood implements AutoCloseable {

  private static final String FLOWS = "/apis/flowcontrol.apiserver.k8s.io/v1/";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/";

  private final String token;
  private final int port;
  private final RawHttp admin;
  private final List<Socket> sockets = new ArrayList<>();
  private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean over;

  private Flood(String token, int port, RawHttp admin) {
    this.token = token;
    this.port = port;
    this.admin = admin;
  }

  /** Gives the user rights, and a level of few seats and no queue. */
  static Flood by(String token, String user, int port, RawHttp admin) {
    made(
        admin.post(
            FLOWS + "prioritylevelconfigurations",
            json(
                "{'metadata':{'name':'flood'},'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':1,'borrowingLimitPercent':0,'limitResponse':{'type':'Reject'}}}}")));
    made(
        admin.post(
            FLOWS + "flowschemas",
            json(
                "{'metadata':{'name':'flood'},'spec':{'priorityLevelConfiguration':{'name':'flood'},'matchingPrecedence':5,'rules':[{'subjects':[{'kind':'User','user':{'name':'%s'}}],'resourceRules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*'],'namespaces':['*'],'clusterScope':true}]}]}}"
                    .formatted(user))));
    made(
        admin.post(
            ROLES + "clusterroles",
            json(
                "{'metadata':{'name':'flood'},'rules':[{'verbs':['get','list','create'],'apiGroups':[''],'resources':['configmaps']}]}")));
    made(
        admin.post(
            ROLES + "clusterrolebindings",
            json(
                "{'metadata':{'name':'flood'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'flood'},'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'%s'},{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'system:node:node-1'}]}"
                    .formatted(user))));
    RawHttp known = new RawHttp(port, token);
    await().until(() -> known.get(MAPS).code() == 200);
    return new Flood(token, port, admin);
  }

  /** Somebody else than the user and than an administrator. */
  RawHttp other() {
    return new RawHttp(port, "node-token");
  }

  /** The user. */
  RawHttp user() {
    return new RawHttp(port, token);
  }

  /** Asks again and again for what is not there yet, which is waited for with a seat. */
  void holdSeats(int requests) {
    RawHttp user = user();
    for (int i = 0; i < requests; i++) {
      askers.execute(() -> {
        while (!over) {
          user.get(MAPS + "?resourceVersion=999999999&resourceVersionMatch=NotOlderThan");
        }
      });
    }
  }

  /** Begins requests whose bodies do not come. */
  void beginBodies(int requests) throws IOException {
    for (int i = 0; i < requests; i++) {
      Socket socket = new Socket("localhost", port);
      sockets.add(socket);
      String head =
          """
          POST /api/v1/namespaces/default/configmaps HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Length: 1000\r
          \r
          {\
          """
              .formatted(token);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    }
  }

  /** What the user is told once all seats are taken. */
  Reply awaitRefusal(String path) {
    RawHttp user = new RawHttp(port, token);
    return await().until(() -> user.get(path), reply -> reply.code() != 200);
  }

  @Override
  public void close() throws IOException {
    over = true;
    askers.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    admin.delete(FLOWS + "flowschemas/flood");
    admin.delete(FLOWS + "prioritylevelconfigurations/flood");
    admin.delete(ROLES + "clusterrolebindings/flood");
    admin.delete(ROLES + "clusterroles/flood");
  }
}
