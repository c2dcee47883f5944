/** The ConfigMaps, Secrets and Services that pods refer to. */
package dev.shiplog.agent.config;
