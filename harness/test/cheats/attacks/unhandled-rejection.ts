void Promise.reject(new Error('nobody hears this'))
