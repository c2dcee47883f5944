package dev.shiplog.standalone;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.server.ServerTls;

/** How the nodes of this process and their cluster know each other. */
interface NodeAccess extends AutoCloseable {

  /** The API server, asked as the node of that name. */
  ClusterClient of(String node);

  /** What the nodes' server shows at first, and whose requests it takes. */
  ServerTls serving();

  @Override
  void close();
}
