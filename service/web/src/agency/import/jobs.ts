// A file on its way in: looked at, tried, loaded, with what the service says of it.
import { ref, shallowReactive, type Ref } from 'vue'
import { api, ask, newKey, type Problem, type Schemas } from '../../shared/api'
import { tell } from '../../shared/useAsk'
import { asBody, guess, previewOf, type Plural, type Preview } from './kinds'
import { watchLoad, type Progress } from './progress'

export type Report = Schemas['LoadReport']

export interface Job {
  id: number
  file: File
  kind: Plural
  state: 'looking' | 'ready' | 'loading' | 'done'
  preview: Preview | null
  report: Report | null // of the last load, or of a dry run
  progress: Progress | null
  problem: Problem | null
  key: string // of its load: pressed twice, it is done once
}

export function useJobs(lang: Ref<string>, loaded: () => void) {
  const jobs: Ref<Job[]> = ref([])
  let count = 0
  const language = (): 'zh' | 'en' => (lang.value === 'zh' ? 'zh' : 'en')

  async function look(job: Job) {
    job.state = 'looking'
    job.report = null
    job.problem = null
    job.key = newKey()
    try {
      job.preview = await previewOf(job.file, job.kind, language())
    } catch (error) {
      job.preview = null
      job.problem = tell(error)
    }
    job.state = 'ready'
  }

  async function add(files: Iterable<File>) {
    for (const file of files) {
      const job = shallowReactive<Job>({
        id: ++count, file, kind: 'patents', state: 'looking', preview: null, report: null, progress: null, problem: null, key: newKey(),
      })
      jobs.value = [job, ...jobs.value]
      job.kind = await guess(file, language())
      await look(job)
    }
  }

  async function load(job: Job, dryRun: boolean) {
    job.state = 'loading'
    job.problem = null
    const name = newKey()
    const stop = watchLoad(name, (progress) => (job.progress = progress))
    try {
      const query = { lang: language(), file: job.file.name.slice(0, 60), progress: name, ...(dryRun ? { dry_run: 'true' as const } : {}) }
      const header = dryRun ? {} : { 'Idempotency-Key': job.key }
      const { headers, ...body } = asBody(job.file)
      job.report = await ask(api.POST('/v1/{records}:load', { params: { path: { records: job.kind }, query, header }, ...body, headers }))
      job.state = dryRun ? 'ready' : 'done'
      if (!dryRun) loaded()
    } catch (error) {
      job.problem = tell(error)
      job.state = 'ready'
    } finally {
      stop()
      job.progress = null
    }
  }

  function remove(job: Job) {
    jobs.value = jobs.value.filter((one) => one.id !== job.id)
  }

  return { jobs, add, look, load, remove }
}
