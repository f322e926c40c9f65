package io.larder.config;

/** How the Redis servers at the addresses stand to each other. */
public enum Topology {
  /** One server, or one proxy in front of several. */
  SINGLE,
  /** The addresses are some nodes of a Redis Cluster; the others are found from them. */
  CLUSTER,
  /** The addresses are sentinels that name the master. */
  SENTINEL
}
