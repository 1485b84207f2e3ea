package dev.openexec.server;

import io.undertow.util.HeaderMap;

/**
 * What an endpoint is to answer. It has passed every guard.
 *
 * @param headers as they were sent
 * @param body the whole body; empty where the method has none
 */
record Request(HeaderMap headers, byte[] body) {}
