import { spawn } from 'node:child_process';
import { connectRedis, defineScript, checkServerPolicy } from '@shortstack/redis';
const port=17391; const p=spawn('redis-server',['--port',String(port),'--save','']);
const c=connectRedis({url:`redis://127.0.0.1:${port}`,name:'cache'});
await c.ready(); console.log(await c.run(x=>x.set('a','1')), await c.run(x=>x.get('a')));
const s=defineScript({name:'x',lua:'return ARGV[1]'}); console.log(await c.run(x=>s.run(x,['k'],['hi'])));
console.log(await checkServerPolicy(c,{maxmemoryPolicy:'allkeys-lfu',appendonly:true,appendfsync:'always'}));
p.kill('SIGSTOP'); for(let i=0;i<5;i++){const t=performance.now(); await c.run(x=>x.get('a')).catch(e=>console.log(e.code,e.cause?.message,(performance.now()-t).toFixed(0),c.breaker.state));}
p.kill('SIGCONT'); let t=performance.now(); while(c.breaker.state!=='closed') await new Promise(r=>setTimeout(r,5)); console.log('back', (performance.now()-t).toFixed(0));
p.kill('SIGKILL'); t=performance.now(); while(c.breaker.state==='closed') await new Promise(r=>setTimeout(r,5)); console.log('open', (performance.now()-t).toFixed(0));
await c.run(x=>x.get('a')).catch(e=>console.log(e.code,e.cause));
t=performance.now(); await c.close(); console.log('closed',(performance.now()-t).toFixed(0)); process.on('exit',()=>console.log('exit',(performance.now()-t).toFixed(0)));
