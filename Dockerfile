FROM node:24-bookworm-slim
WORKDIR /app
ENV THROUGHLINE_DATA=/data HOST=0.0.0.0 PORT=4400
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN node scripts/run.mjs install && mkdir /data && chown node:node /data
COPY . .
RUN node scripts/run.mjs build && mkdir -p .cache && chown -R node:node dist .cache
USER node
VOLUME /data
EXPOSE 4400
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD node -e "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"
CMD ["node", "scripts/run.mjs", "start"]
